from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from momentum.web.accounts.models import User
from momentum.web.contests.actions import change_contest, delete_contest
from momentum.web.contests.models import Contest
from momentum.web.invitations import actions, addresses, posting, queries, tokens
from momentum.web.invitations.models import Announced, Announcement, Invitation, InvitationToken
from momentum.web.invitations.refusals import MessageTooLong, NotAgain, NotInvitable
from momentum.web.invitations.status import status_of
from momentum.web.mail import recipients
from momentum.web.mail.allowance import AllowanceSpent
from momentum.web.mail.models import Mail
from momentum.web.own_data.deletion import delete_account

from ..cast import post_mails, work
from .cast import ADA, GRACE, invite, link_to, mails_to, sender, text_of
from .conftest import DAY, HOUR, NOON, OPENING, Clock


def allow(settings: Settings, **limits: int) -> None:
    settings.MOMENTUM = replace(settings.MOMENTUM, limits=replace(settings.MOMENTUM.limits, **limits))


def test_who_is_invited_gets_one_mail_with_a_link_of_their_own(standard: Contest) -> None:
    invite(standard, f"Ada <{ADA}>", GRACE, ADA, message="Please come.\r\nAlice")
    assert sorted(Mail.objects.values_list("to", flat=True)) == [ADA, GRACE]
    text = text_of(mails_to(ADA)[0])
    assert "Hello Ada" in text
    assert "Please come." in text
    assert link_to(ADA) != link_to(GRACE)
    invite(standard, ADA)
    assert len(mails_to(ADA)) == 1


def test_only_digests_of_tokens_are_kept(standard: Contest) -> None:
    [invitation] = invite(standard, ADA)
    token = link_to(ADA).rpartition("/")[2]
    assert len(token) == 22
    assert tokens.find(token) == invitation
    [kept] = InvitationToken.objects.all()
    assert token not in kept.token_hash
    assert len(kept.token_hash) == 64


def test_somebody_who_wants_none_is_not_invited(standard: Contest) -> None:
    reader = recipients.recipient(ADA)
    reader.invitations = False
    reader.save()
    assert invite(standard, ADA) == []
    assert not Mail.objects.exists()


def test_a_contest_that_nobody_can_take_part_in_has_no_invitations(
    set_up: Callable[..., Contest], clock: Clock
) -> None:
    with pytest.raises(NotInvitable):
        invite(set_up(closes_at=None), ADA)
    closed = set_up()
    clock.move_to(OPENING + 2 * HOUR)
    with pytest.raises(NotInvitable):
        invite(closed, ADA)


def test_an_account_sends_no_more_than_its_mails_of_the_day(
    standard: Contest, settings: Settings, clock: Clock
) -> None:
    allow(settings, mails_per_day=3)
    invite(standard, ADA, GRACE)
    with pytest.raises(AllowanceSpent):
        invite(standard, "a@example.org", "b@example.org")
    assert Invitation.objects.count() == 2
    clock.move_to(NOON + DAY + HOUR)
    invite(standard, "a@example.org", "b@example.org")
    assert Invitation.objects.count() == 4


def test_what_the_worker_has_not_written_yet_counts_too(standard: Contest, alice: User, settings: Settings) -> None:
    allow(settings, mails_per_day=3)
    entries = queries.judged(standard, addresses.read(f"{ADA} {GRACE}"))
    actions.invite(standard, entries, sender=sender(alice))
    assert actions.mails_left(alice) == 1
    more = addresses.read("a@example.org b@example.org")
    with pytest.raises(AllowanceSpent):
        actions.invite(standard, more, sender=sender(alice))


def test_the_worker_writes_the_mails_soon(standard: Contest, alice: User) -> None:
    [ada] = actions.invite(standard, addresses.read(ADA), sender=sender(alice))
    assert (status_of(ada, NOON), Mail.objects.count()) == ("queued", 0)
    work()
    assert (status_of(ada, NOON), Mail.objects.count()) == ("queued", 1)
    assert posting.post_all() == 0


def test_other_tasks_have_their_turn_between(standard: Contest, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "A_TURN", 10)
    people = addresses.read(" ".join(f"p{number}@example.org" for number in range(25)))
    actions.invite(standard, people, sender=sender(alice))
    work()
    assert Mail.objects.count() == 25
    assert DBTaskResult.objects.count() == 3


def test_a_worker_that_dies_over_mails_leaves_each_written_or_not(
    standard: Contest, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = addresses.read(" ".join(f"p{number}@example.org" for number in range(25)))
    actions.invite(standard, people, sender=sender(alice))
    issue, issued = tokens.issue, []

    def dies(invitation: Invitation) -> str:
        issued.append(invitation)
        if len(issued) == 15:
            raise SystemExit
        return issue(invitation)

    monkeypatch.setattr(tokens, "issue", dies)
    with pytest.raises(SystemExit):
        posting.post_all()
    assert Mail.objects.count() == InvitationToken.objects.count() == 10
    assert posting.post_all() == 15
    assert Mail.objects.values("to").distinct().count() == Mail.objects.count() == 25


def test_nobody_is_invited_to_what_was_deleted_meanwhile(standard: Contest, alice: User) -> None:
    actions.invite(standard, addresses.read(ADA), sender=sender(alice))
    delete_contest(standard)
    assert posting.post_all() == 0
    assert Invitation.objects.get().revoked_at is not None
    assert not Mail.objects.exists()


def test_a_message_has_a_length(standard: Contest) -> None:
    with pytest.raises(MessageTooLong):
        invite(standard, ADA, message="a" * 1001)


def test_what_became_of_the_mail_is_the_status(standard: Contest, clock: Clock) -> None:
    [ada] = invite(standard, ADA)
    assert status_of(ada, NOON) == "queued"
    post_mails()
    assert status_of(ada, NOON) == "sent"
    Mail.objects.update(status="failed", answer="550 no such user")
    assert status_of(ada, NOON) == "failed"
    assert status_of(ada, NOON + 31 * DAY) == "expired"


def test_one_that_is_sent_again_has_a_new_link_and_the_old_one_counts_too(
    standard: Contest, alice: User, clock: Clock
) -> None:
    [ada] = invite(standard, ADA)
    first = link_to(ADA)
    with pytest.raises(NotAgain, match="on its way"):
        actions.send_again(ada, sender(alice))
    post_mails()
    with pytest.raises(NotAgain, match="less than an hour"):
        actions.send_again(ada, sender(alice))
    clock.shift(2 * HOUR)
    actions.send_again(ada, sender(alice))
    posting.post_all()
    clock.shift(timedelta(seconds=1))
    second = link_to(ADA)
    assert tokens.find(first.rpartition("/")[2]) == tokens.find(second.rpartition("/")[2]) == ada


def test_a_revoked_one_leads_nowhere_until_it_is_sent_again(standard: Contest, alice: User) -> None:
    [ada] = invite(standard, ADA)
    token = link_to(ADA).rpartition("/")[2]
    actions.revoke(ada)
    assert not Mail.objects.exists(), "a mail that waits does not go"
    assert tokens.find(token) is None
    ada.refresh_from_db()
    actions.send_again(ada, sender(alice))
    posting.post_all()
    assert tokens.find(token) is None
    assert tokens.find(link_to(ADA).rpartition("/")[2]) == ada


def test_a_mail_that_is_under_way_is_not_taken_back(standard: Contest) -> None:
    [ada] = invite(standard, ADA)
    Mail.objects.update(attempts=1, unfinished=1)
    actions.revoke(ada)
    assert Mail.objects.exists()
    assert not InvitationToken.objects.exists()


def test_those_who_have_not_answered_are_reminded_after_half_a_day(
    standard: Contest, alice: User, clock: Clock
) -> None:
    _ada, grace, _declined = invite(standard, ADA, GRACE, "d@example.org")
    post_mails()
    assert actions.remind(standard, sender(alice)) == 0
    Invitation.objects.filter(address="d@example.org").update(declined_at=NOON)
    grace.refresh_from_db()
    Invitation.objects.filter(pk=grace.pk).update(accepted_at=NOON, accepted_by="guest_" + "b" * 32)
    clock.shift(13 * HOUR)
    assert actions.remind(standard, sender(alice)) == 1
    assert actions.remind(standard, sender(alice)) == 0
    assert posting.post_all() == 1
    assert len(mails_to(ADA)) == 2
    post_mails()
    assert actions.remind(standard, sender(alice)) == 0
    grace.refresh_from_db()
    assert grace.accepted_at == NOON


def test_addresses_go_when_they_are_of_no_use(standard: Contest, clock: Clock, settings: Settings) -> None:
    allow(settings, keep_invitations_days=10)
    invite(standard, ADA)
    clock.move_to(NOON + 39 * DAY)
    assert actions.forget_old() == 0
    clock.move_to(NOON + 41 * DAY)
    assert actions.forget_old() == 1
    for model in (Invitation, InvitationToken, Announced, Announcement):
        assert not model.objects.exists()


def test_an_invitation_counts_until_the_contest_is_over(standard: Contest, set_up: Callable[..., Contest]) -> None:
    late = set_up(opens_at=NOON + 100 * DAY, closes_at=NOON + 101 * DAY)
    [invitation] = invite(late, ADA)
    assert invitation.expires_at == NOON + 102 * DAY
    [invitation] = invite(standard, ADA)
    assert invitation.expires_at == NOON + 30 * DAY


def test_addresses_go_with_their_organisers_account(standard: Contest, alice: User) -> None:
    invite(standard, ADA)
    delete_account(alice)
    assert not Invitation.objects.exists()


def test_a_contest_with_invitations_is_kept_when_it_is_deleted(standard: Contest) -> None:
    invite(standard, ADA)
    delete_contest(standard)
    assert Contest.objects.get(pk=standard.pk).deleted_at is not None


def test_a_contest_without_a_closing_any_more_has_no_new_invitations(standard: Contest) -> None:
    change_contest(standard, opens_at=None, closes_at=None)
    with pytest.raises(NotInvitable):
        invite(standard, ADA)
