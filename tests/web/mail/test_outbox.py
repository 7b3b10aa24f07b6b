import itertools
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from momentum.web.mail import outbox, pace
from momentum.web.mail.models import Mail, Pace, Priority

ALL = tuple(Priority)
LATER = outbox.LEASE + timedelta(seconds=1)


@pytest.fixture(autouse=True)
def configured(configure: Callable[..., None]) -> None:
    """No limit is in the way."""


def post(to: str = "bob@example.org", priority: Priority = Priority.ACCOUNT) -> Mail:
    return outbox.post("test", to, "Hello", "There", priority=priority)


def claim(priorities: tuple[Priority, ...] = ALL) -> Mail | None:
    claimed = outbox.claim_next(priorities, "here-0")
    return claimed[0] if claimed else None


def test_a_rollback_takes_the_mail_along() -> None:
    with transaction.atomic():
        post()
        transaction.set_rollback(True)
    assert not Mail.objects.exists()


def test_a_mail_is_claimed_once() -> None:
    mail = post()
    assert claim() == mail
    assert claim() is None


def test_two_who_saw_the_same_mail_do_not_both_get_it() -> None:
    post()
    first, second = Mail.objects.get(), Mail.objects.get()
    assert outbox._claim(first, "here-0")
    assert outbox._claim(second, "here-1") is None


def test_account_mails_pass_others() -> None:
    post("slow@example.org", Priority.ORGANISER)
    urgent = post("quick@example.org")
    assert claim() == urgent
    assert claim((Priority.ACCOUNT,)) is None


def test_what_a_killed_worker_left_is_claimed_again_after_the_lease() -> None:
    mail = post()
    claim()
    with time_machine.travel(timezone.now() + LATER):
        again = claim()
    assert again == mail
    assert again.message_id == mail.message_id
    assert again.attempts == 2


def test_the_next_worker_in_its_place_need_not_wait() -> None:
    mail = post()
    claim()
    assert outbox.take_back("here-1") == 0
    assert claim() is None
    assert outbox.take_back("here-0") == 1
    assert claim() == mail


def test_what_waits_after_a_failure_goes_on_waiting() -> None:
    post()
    mail = claim()
    assert mail
    outbox.put_back(mail, "451 later", timedelta(hours=1))
    assert outbox.take_back("here-0") == 0


def test_a_mail_that_ends_every_worker_is_set_aside_and_others_go_on() -> None:
    post("poison@example.org")
    with time_machine.travel(timezone.now()) as clock:
        for _ in range(outbox.MOST_UNFINISHED):
            assert claim()
            clock.shift(LATER)
        fine = post("fine@example.org")
        assert claim() == fine
    poison = Mail.objects.get(to="poison@example.org")
    assert (poison.status, poison.message != "") == ("set_aside", True)
    outbox.queue_again(poison)
    assert claim() == poison


def test_an_outcome_that_comes_too_late_changes_nothing() -> None:
    post()
    slow = claim()
    assert slow
    with time_machine.travel(timezone.now() + LATER):
        quick = claim()
        assert quick
        outbox.note_failed(slow, "550 no")
        assert Mail.objects.get().status == "queued"
        outbox.note_sent(quick, "250 ok")
    mail = Mail.objects.get()
    assert (mail.status, mail.answer, mail.message, mail.unfinished) == ("sent", "250 ok", "", 0)


def test_past_its_day_a_mail_has_failed_with_the_last_words() -> None:
    post()
    mail = claim()
    assert mail
    outbox.put_back(mail, "451 later", timedelta(hours=1))
    assert Mail.objects.get().status == "queued"
    with time_machine.travel(timezone.now() + timedelta(hours=23, minutes=30)):
        mail = claim()
        assert mail
        outbox.put_back(mail, "451 still later", timedelta(hours=1))
    assert (Mail.objects.get().status, Mail.objects.get().answer) == ("failed", "451 still later")


def test_old_mails_are_forgotten_and_waiting_ones_are_not() -> None:
    for number in range(3):
        post(f"b{number}@example.org")
    for _ in range(2):
        mail = claim()
        assert mail
        outbox.note_sent(mail, "250")
    old = Mail.objects.filter(status="sent").first()
    assert old
    Mail.objects.filter(pk=old.pk).update(finished_at=timezone.now() - outbox.KEPT - timedelta(hours=1))
    assert outbox.forget_old() == 1
    assert Mail.objects.count() == 2


def test_a_mail_whose_outcome_is_still_shown_to_somebody_is_kept() -> None:
    now = timezone.now()
    for days in (-1, 30):
        outbox.post("test", "b@example.org", "Hello", "There", kept_until=now + timedelta(days=days))
    Mail.objects.update(status="sent", finished_at=now - outbox.KEPT - timedelta(days=1))
    assert outbox.forget_old() == 1
    with time_machine.travel(now + timedelta(days=31)):
        assert outbox.forget_old() == 1


def test_so_many_a_second_go_whoever_asks(configure: Callable[..., None]) -> None:
    configure(email_per_second=4)
    with time_machine.travel(timezone.now(), tick=False):
        now = timezone.now()
        slots = [pace.next_slot() for _ in range(9)]
    gaps = {round((later - one).total_seconds(), 3) for one, later in itertools.pairwise(slots)}
    assert (slots[0], gaps) == (now, {0.25})
    assert Pace.objects.count() == 1


def test_so_many_a_day_go_and_a_tenth_is_for_accounts(configure: Callable[..., None]) -> None:
    configure(email_per_day=10)
    for number in range(12):
        post(f"b{number}@example.org", Priority.ORGANISER)
    for number in range(3):
        post(f"a{number}@example.org")
    sent = []
    for _ in range(15):
        if mail := claim():
            outbox.note_sent(mail, "250")
            sent.append(mail.to[0])
    assert "".join(sent) == "aaabbbbbb"
    post("late@example.org")
    assert claim()
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        Mail.objects.filter(status="queued").update(give_up_at=timezone.now() + timedelta(days=1))
        assert claim()
