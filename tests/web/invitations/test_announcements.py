"""What the worker tells by itself, minute by minute, while contests change."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from allauth.account.models import EmailAddress
from django.db import DataError
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from momentum.web.accounts.models import User
from momentum.web.attempts import access, schedule
from momentum.web.contests.actions import ContestSettings, change_contest, create_contest, delete_contest
from momentum.web.contests.models import Contest
from momentum.web.invitations import announcements, facts, posting, seats
from momentum.web.invitations.models import Announced, Announcement, Invitation
from momentum.web.mail import recipients
from momentum.web.mail.models import Mail
from momentum.web.play import pins
from momentum.web.play.people import Person

from ..attempts.cast import answer, person, start
from ..cast import end_game, open_pin
from ..mail import letterbox
from .cast import ADA, GRACE, invite, kinds, link_to, mails_to, text_of
from .conftest import DAY, HOUR, NOON, OPENING, Clock

MINUTE = timedelta(minutes=1)
GUEST = Person("guest_" + "c" * 32, "Ada", is_guest=True)


def change(contest: Contest, **given: Any) -> None:
    change_contest(Contest.objects.get(pk=contest.pk), **given)


def accept(address: str, who: Person) -> None:
    seats.take(Invitation.objects.select_related("contest__owner").get(address=address), who)


def test_reminders_come_a_day_and_an_hour_before(standard: Contest, clock: Clock) -> None:
    invite(standard, ADA)
    for at, expected in [
        (OPENING - DAY - MINUTE, []),
        (OPENING - DAY, ["reminder"]),
        (OPENING - DAY + MINUTE, ["reminder"]),
        (OPENING - HOUR - MINUTE, ["reminder"]),
        (OPENING - HOUR, ["reminder"] * 2),
        (OPENING, ["reminder"] * 2),
    ]:
        clock.move_to(at)
        announcements.announce()
        announcements.announce()
        assert kinds(ADA)[1:] == expected, at


def test_a_reminder_that_is_too_late_is_not_sent(standard: Contest, clock: Clock) -> None:
    invite(standard, ADA)
    for at in (OPENING - DAY + 4 * HOUR, OPENING - 29 * MINUTE):
        clock.move_to(at)
        assert announcements.announce() == 0


def test_who_has_just_been_invited_is_not_reminded(standard: Contest, clock: Clock) -> None:
    clock.move_to(OPENING - DAY - HOUR)
    invite(standard, ADA)
    clock.move_to(OPENING - DAY)
    assert announcements.announce() == 0
    clock.move_to(OPENING - HOUR)
    assert announcements.announce() == 1


def test_a_live_contest_is_reminded_of_by_its_planned_date(live: Contest, clock: Clock) -> None:
    invite(live, ADA)
    clock.move_to(OPENING - HOUR)
    assert announcements.announce() == 1
    assert kinds(ADA) == ["invitation", "reminder"]


def test_a_change_is_told_once_it_has_settled(standard: Contest, clock: Clock) -> None:
    invite(standard, ADA)
    clock.shift(HOUR)
    change(standard, name="Big exam")
    clock.shift(MINUTE)
    assert announcements.announce() == 0
    change(standard, name="Bigger exam")
    clock.shift(MINUTE + timedelta(seconds=59))
    assert announcements.announce() == 0
    clock.shift(timedelta(seconds=1))
    assert announcements.announce() == 1
    assert announcements.announce() == 0
    assert kinds(ADA) == ["invitation", "changed"]
    assert "Bigger exam" in text_of(mails_to(ADA)[1])
    assert Announced.objects.get().sequence == 1


def test_a_calendar_has_one_event_that_follows_every_change(live: Contest, clock: Clock) -> None:
    invite(live, ADA)
    clock.shift(HOUR)
    change(live, planned_at=OPENING + HOUR)
    clock.shift(3 * MINUTE)
    announcements.announce()
    clock.shift(HOUR)
    delete_contest(live)
    announcements.announce()
    events = [letterbox.event(mail) for mail in mails_to(ADA)]
    assert len({str(event["UID"]) for event in events}) == 1
    assert [int(event["SEQUENCE"]) for event in events] == [0, 1, 2]
    assert [event["DTSTART"].dt for event in events] == [OPENING, OPENING + HOUR, OPENING + HOUR]
    methods = [str(letterbox.calendar(mail)["METHOD"]) for mail in mails_to(ADA)]
    assert (methods[-1], methods[0]) == ("CANCEL", methods[1])


def test_what_does_not_concern_those_invited_is_not_told(standard: Contest, clock: Clock) -> None:
    invite(standard, ADA)
    change(standard, question_timer_s=30)
    change(standard, name="Other")
    change(standard, name="Exam")
    clock.shift(HOUR)
    assert announcements.announce() == 0


def test_who_was_invited_after_the_change_knows_it(standard: Contest, clock: Clock) -> None:
    invite(standard, ADA)
    clock.shift(HOUR)
    change(standard, opens_at=OPENING - HOUR)
    clock.shift(MINUTE)
    invite(standard, GRACE)
    clock.shift(2 * MINUTE)
    assert announcements.announce() == 1
    assert (kinds(ADA), kinds(GRACE)) == (["invitation", "changed"], ["invitation"])


def test_a_later_end_lets_invitations_count_longer(standard: Contest, clock: Clock) -> None:
    invite(standard, ADA)
    change(standard, closes_at=NOON + 100 * DAY)
    clock.shift(HOUR)
    announcements.announce()
    assert Invitation.objects.get().expires_at == NOON + 101 * DAY


def test_a_deleted_contest_is_cancelled_at_once(standard: Contest, clock: Clock) -> None:
    invite(standard, ADA)
    clock.shift(HOUR)
    delete_contest(standard)
    assert announcements.announce() == 1
    assert announcements.announce() == 0
    clock.move_to(OPENING - HOUR)
    assert announcements.announce() == 0
    assert kinds(ADA) == ["invitation", "cancelled"]


@pytest.mark.parametrize("contest_type", ["standard", "quick_fire"])
def test_one_that_loses_its_dates_is_cancelled_and_comes_back(
    contest_type: str, standard: Contest, live: Contest, clock: Clock
) -> None:
    contest = standard if contest_type == "standard" else live
    dates = ("opens_at", "closes_at") if contest is standard else ("planned_at",)
    invite(contest, ADA)
    clock.shift(HOUR)
    change(contest, **dict.fromkeys(dates))
    clock.shift(3 * MINUTE)
    assert announcements.announce() == 1
    clock.shift(HOUR)
    change(contest, **{name: OPENING + (5 + n) * DAY for n, name in enumerate(dates)})
    clock.shift(3 * MINUTE)
    assert announcements.announce() == 1
    assert kinds(ADA) == ["invitation", "cancelled", "changed"]
    assert Announced.objects.get().sequence == 2


def test_a_contest_that_was_over_is_not_cancelled(standard: Contest, clock: Clock) -> None:
    invite(standard, ADA)
    clock.move_to(OPENING + 2 * HOUR)
    schedule.close_due()
    delete_contest(Contest.objects.get(pk=standard.pk))
    assert announcements.announce() == 0


def test_a_live_contest_whose_date_has_passed_is_not_cancelled(live: Contest, clock: Clock) -> None:
    invite(live, ADA)
    clock.move_to(OPENING + 2 * DAY)
    delete_contest(live)
    assert announcements.announce() == 0


def test_one_contests_trouble_stops_no_other_and_no_address_gets_into_the_log(
    standard: Contest, live: Contest, clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    invite(standard, ADA)
    invite(live, GRACE)
    clock.move_to(OPENING - HOUR)
    note = announcements._note_change

    def breaks(contest_id: UUID, now: datetime) -> None:
        if contest_id == standard.pk:
            raise DataError(f"Key (address)=({ADA})")
        note(contest_id, now)

    monkeypatch.setattr(announcements, "_note_change", breaks)
    assert announcements.announce() == 1
    assert "DataError" in caplog.text
    assert ADA not in caplog.text


def test_who_does_not_want_to_hear_of_it_does_not(standard: Contest, clock: Clock) -> None:
    invite(standard, ADA, GRACE, "d@example.org", "f@example.org")
    reader = recipients.recipient(ADA)
    reader.reminders = False
    reader.save()
    Invitation.objects.filter(address=GRACE).update(revoked_at=NOON)
    Invitation.objects.filter(address="d@example.org").update(declined_at=NOON)
    Mail.objects.filter(to="f@example.org").update(status="failed", finished_at=NOON)
    clock.move_to(OPENING - HOUR)
    assert announcements.announce() == 0


def test_participants_with_a_confirmed_address_are_told_too(
    standard: Contest, bob: User, charlie: User, alice: User, clock: Clock
) -> None:
    invite(standard, ADA)
    for user, verified in ((bob, True), (charlie, False), (alice, True)):
        EmailAddress.objects.create(user=user, email=user.email.upper(), verified=verified, primary=True)
    access.join(standard, person(bob))
    access.join(standard, person(charlie))
    accept(ADA, GUEST)
    clock.move_to(OPENING - HOUR)
    assert announcements.announce() == 2
    assert kinds(bob.email) == ["reminder"]
    assert f"/dashboard/contest/{standard.pk}/lobby" in text_of(mails_to(bob.email)[0])
    assert kinds(charlie.email) == []


def test_an_account_that_came_by_invitation_is_told_at_the_invited_address(
    standard: Contest, bob: User, clock: Clock
) -> None:
    EmailAddress.objects.create(user=bob, email=bob.email, verified=True, primary=True)
    invite(standard, ADA)
    accept(ADA, person(bob))
    clock.move_to(OPENING - HOUR)
    assert announcements.announce() == 1
    assert (kinds(ADA), kinds(bob.email)) == (["invitation", "reminder"], [])


def test_results_go_to_those_who_took_part(standard: Contest, bob: User, clock: Clock) -> None:
    EmailAddress.objects.create(user=bob, email=bob.email, verified=True, primary=True)
    invite(standard, ADA, GRACE)
    accept(ADA, GUEST)
    clock.move_to(OPENING)
    for who in (GUEST, bob):
        answer(start(standard, who), right=True)
    clock.move_to(OPENING + HOUR + MINUTE)
    assert announcements.announce() == 0, "an attempt is not ended yet"
    schedule.close_due()
    assert announcements.announce() == 2
    assert announcements.announce() == 0
    assert (kinds(ADA)[-1], kinds(bob.email), kinds(GRACE)) == ("results", ["results"], ["invitation"])
    assert f"/dashboard/contest/{standard.pk}/results" in text_of(mails_to(bob.email)[0])
    assert "/invitation/" in link_to(ADA)


def test_each_game_of_a_live_contest_has_its_results(live: Contest, bob: User, clock: Clock) -> None:
    invite(live, ADA, GRACE)
    accept(ADA, GUEST)
    for _ in range(2):
        clock.shift(HOUR)
        pin = open_pin(live)
        end_game(pin, GUEST.user_id, bob)
        pins.retire_ended()
        assert announcements.announce() == 1
        assert announcements.announce() == 0
    assert kinds(ADA) == ["invitation", "results", "results"]


def test_changes_without_end_are_bounded_by_the_mails_of_the_day(
    standard: Contest, settings: Settings, clock: Clock
) -> None:
    invite(standard, ADA, GRACE)
    settings.MOMENTUM = replace(settings.MOMENTUM, limits=replace(settings.MOMENTUM.limits, mails_per_day=3))
    clock.shift(HOUR)
    change(standard, name="Other")
    clock.shift(3 * MINUTE)
    assert announcements.announce() == 1
    delete_contest(Contest.objects.get(pk=standard.pk))
    clock.shift(MINUTE)
    assert announcements.announce() == 2, "that it is cancelled everybody must know"


def test_nothing_is_told_for_an_organiser_who_is_gone(standard: Contest, alice: User, clock: Clock) -> None:
    invite(standard, ADA)
    alice.is_active = False
    alice.save()
    clock.move_to(OPENING - HOUR)
    assert announcements.announce() == 0


def test_a_worker_that_dies_over_a_part_leaves_it_whole(
    standard: Contest, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was told and the mail are one transaction."""
    invite(standard, *(f"p{number}@example.org" for number in range(5)))
    clock.move_to(OPENING - HOUR)
    monkeypatch.setattr(announcements, "EACH_TIME", 2)
    posted = 0
    post = posting.link

    def dies(*arguments: Any) -> str:
        nonlocal posted
        posted += 1
        if posted == 4:
            raise SystemExit
        return post(*arguments)

    monkeypatch.setattr(posting, "link", dies)
    with pytest.raises(SystemExit):
        announcements.announce()
    assert Mail.objects.filter(kind="reminder").count() == Announcement.objects.count() == 2
    assert announcements.announce() == 3
    assert Mail.objects.filter(kind="reminder").values("to").distinct().count() == 5


STEP = st.one_of(
    st.tuples(st.just("wait"), st.integers(1, 90)),
    st.tuples(st.just("name"), st.sampled_from(["Exam", "Quiz", "Test"])),
    st.tuples(st.just("move"), st.integers(1, 20)),
    st.tuples(st.just("announce"), st.just(0)),
    st.tuples(st.just("undate"), st.just(0)),
    st.tuples(st.just("delete"), st.just(0)),
    st.tuples(st.just("invite"), st.integers(0, 2)),
)


def do(contest: Contest, what: str, value: Any, clock: Clock) -> None:
    """One thing that an organiser does, or time, or the worker."""
    match what:
        case "announce":
            announcements.announce()
        case _ if contest.deleted_at:
            return
        case "name":
            change(contest, name=value)
        case "move":
            change(contest, opens_at=OPENING + value * HOUR, closes_at=OPENING + 30 * HOUR)
        case "undate":
            change(contest, opens_at=None, closes_at=None)
        case "delete":
            delete_contest(contest)
        case "invite" if facts.is_invitable(contest, NOON):
            invite(contest, f"p{value}@example.org")


def word(mail: Mail) -> str:
    """What a reader knows by this mail."""
    text = text_of(mail)
    times = re.findall(r"\d\d:\d\d UTC", text)
    name = next(name for name in ("Exam", "Quiz", "Test") if name in text)
    return "cancelled" if mail.kind == "cancelled" else f"{name} {times[0]}"


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, max_size=25))
def test_in_the_end_everybody_knows_what_holds_and_was_told_nothing_twice(
    alice: User, bank: object, clock: Clock, steps: list[tuple[str, Any]]
) -> None:
    """Whatever an organiser does, and whenever the worker looks."""
    for model in (Mail, Announced, Invitation):
        model.objects.all().delete()
    clock.move_to(NOON)
    settings = ContestSettings(
        name="Exam", contest_type="standard", question_count=4, opens_at=OPENING, closes_at=OPENING + DAY
    )
    contest = create_contest(alice, settings)
    invite(contest, ADA)
    for what, value in steps:
        clock.shift(timedelta(seconds=value if what == "wait" else 1))
        contest = Contest.objects.get(pk=contest.pk)
        do(contest, what, value, clock)
    clock.shift(3 * MINUTE)
    announcements.announce()
    contest = Contest.objects.get(pk=contest.pk)
    if contest.deleted_at or contest.status == "draft":
        holds = "cancelled"
    else:
        holds = f"{contest.name} {contest.opens_at:%H:%M} UTC"
    for invitation in Invitation.objects.all():
        words = [word(mail) for mail in mails_to(invitation.address)]
        assert words[-1] == holds
        assert all(one != other for one, other in pairwise(words)), words
