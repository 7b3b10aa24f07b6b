"""What the pages and calls about invitations show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from momentum.web.accounts import queries as accounts
from momentum.web.accounts.models import User
from momentum.web.contests.models import Contest
from momentum.web.invitations import actions, addresses, facts, seats
from momentum.web.invitations.addresses import Entry, Verdict
from momentum.web.invitations.models import Invitation
from momentum.web.invitations.refusals import TooManyAddresses
from momentum.web.invitations.seats import Door
from momentum.web.invitations.status import Status, with_status
from momentum.web.mail import recipients
from momentum.web.mail.models import Category
from momentum.web.play import people
from momentum.web.play.people import Person

ROWS = 50
SOON = timedelta(minutes=10)
AGAIN = frozenset({Status.SENT, Status.OPENED, Status.ACCEPTED, Status.FAILED, Status.EXPIRED, Status.REVOKED})


@dataclass(frozen=True)
class InvitationRow:
    """`reason`: the server's words where the mail failed. `at`: of what the status says. `seat`: who has it."""

    id: UUID
    address: str
    name: str
    status: Status
    reason: str
    at: datetime
    seat: str
    may_send_again: bool
    may_revoke: bool


@dataclass(frozen=True)
class Count:
    status: str
    label: str
    count: int


@dataclass(frozen=True)
class InvitationList:
    """One page of it. `counts`: of all, by status, those that there are. `shown`: the status that is shown, "" for
    all."""

    rows: tuple[InvitationRow, ...]
    counts: tuple[Count, ...]
    total: int
    shown: str
    page: int
    pages: int


@dataclass(frozen=True)
class OrganiserPage:
    contest_id: UUID
    contest_name: str
    is_live: bool
    is_dated: bool
    may_invite: bool
    invitations: InvitationList
    to_remind: int
    mails_left: int


@dataclass(frozen=True)
class Review:
    """What would be sent. `people`: those who would be invited, as text that is read again."""

    wanted: tuple[Entry, ...]
    unwanted: tuple[Entry, ...]
    people: str
    mails_left: int


@dataclass(frozen=True)
class LinkPage:
    """`door`: what the page is to its reader. `declined`: they have said no before. `asks_every_s`: how often a page
    that waits for a game asks whether it is open; less often while its date is far."""

    door: Door
    contest_name: str
    type_label: str
    organiser: str
    message: str
    opens_at: datetime | None
    closes_at: datetime | None
    is_live: bool
    needs_account: bool
    declined: bool
    asks_every_s: int
    now: datetime


def judged(contest: Contest, entries: Sequence[Entry]) -> list[Entry]:
    """The entries with their verdicts. Whether an address has an account plays no part. Raises TooManyAddresses."""
    if len(entries) > actions.MOST_AT_ONCE:
        raise TooManyAddresses(actions.MOST_AT_ONCE)
    found = [entry.address for entry in entries if entry.address]
    return addresses.judge(
        entries,
        already_in=set(contest.invitations.values_list("address", flat=True)),
        unsubscribed=recipients.unwilling(found, Category.INVITATIONS),
    )


def review(contest: Contest, entries: Sequence[Entry], user: User) -> Review:
    """Raises TooManyAddresses."""
    verdicts = judged(contest, entries)
    wanted = tuple(entry for entry in verdicts if entry.verdict is Verdict.OK)
    unwanted = tuple(entry for entry in verdicts if entry.verdict is not Verdict.OK)
    return Review(wanted, unwanted, addresses.as_text(wanted), actions.mails_left(user))


def organiser_page(contest: Contest, user: User, *, shown: str, page: int) -> OrganiserPage:
    invited = facts.present(contest)
    return OrganiserPage(
        contest_id=contest.pk,
        contest_name=contest.name,
        is_live=contest.is_live,
        is_dated=invited.opens_at is not None,
        may_invite=facts.is_invitable(contest, timezone.now()),
        invitations=invitation_list(contest, shown=shown, page=page),
        to_remind=len(actions.to_remind(contest)),
        mails_left=actions.mails_left(user),
    )


def invitation_list(contest: Contest, *, shown: str = "", page: int = 1, rows: int = ROWS) -> InvitationList:
    """The newest first."""
    invitations = with_status(contest.invitations.select_related("mail"), timezone.now())
    statuses = list(invitations.values_list("status", flat=True))
    shown = shown if shown in statuses else ""
    if shown:
        invitations = invitations.filter(status=shown)
    pages = max(1, -(-(statuses.count(shown) if shown else len(statuses)) // rows))
    page = min(max(page, 1), pages)
    part = list(invitations.order_by("-created_at", "address")[(page - 1) * rows : page * rows])
    counts = tuple(Count(one.value, str(one.label), statuses.count(one)) for one in Status if one in statuses)
    return InvitationList(_rows(part), counts, len(statuses), shown, page, pages)


def invitation_of(contest: Contest, invitation_id: UUID) -> Invitation | None:
    return contest.invitations.select_related("contest__owner").filter(pk=invitation_id).first()


def rows_of(contest: Contest, invitation_ids: Sequence[UUID]) -> tuple[InvitationRow, ...]:
    """These invitations as their organiser sees them."""
    found = with_status(contest.invitations.select_related("mail").filter(pk__in=invitation_ids), timezone.now())
    return _rows(list(found))


def link_page(invitation: Invitation, who: Person | None) -> LinkPage:
    contest, now = invitation.contest, timezone.now()
    holds = facts.present(contest)
    is_far = holds.opens_at is not None and holds.opens_at > now + SOON
    return LinkPage(
        door=seats.door(invitation, who),
        contest_name=contest.name,
        type_label=contest.get_contest_type_display(),
        organiser=contest.owner.username,
        message=invitation.message,
        opens_at=holds.opens_at,
        closes_at=holds.closes_at,
        is_live=contest.is_live,
        needs_account=seats.needs_account(contest, who),
        declined=invitation.declined_at is not None,
        asks_every_s=30 if is_far else 4,
        now=now,
    )


def _rows(invitations: Sequence[Any]) -> tuple[InvitationRow, ...]:
    accounts_in = {
        one.accepted_by for one in invitations if one.accepted_by and not people.is_guest_id(one.accepted_by)
    }
    shown_names = accounts.names(sorted(accounts_in))
    return tuple(_row(one, shown_names) for one in invitations)


def _row(invitation: Any, shown_names: dict[str, str]) -> InvitationRow:
    """`invitation` with the status that `with_status` gave it."""
    status = Status(invitation.status)
    at = {
        Status.ACCEPTED: invitation.accepted_at,
        Status.DECLINED: invitation.declined_at,
        Status.OPENED: invitation.opened_at,
        Status.REVOKED: invitation.revoked_at,
        Status.EXPIRED: invitation.expires_at,
    }.get(status, invitation.mailed_at)
    return InvitationRow(
        id=invitation.pk,
        address=invitation.address,
        name=invitation.name,
        status=status,
        reason=invitation.mail.answer if status is Status.FAILED else "",
        at=at,
        seat=shown_names.get(invitation.accepted_by, invitation.accepted_name),
        may_send_again=status in AGAIN,
        may_revoke=status is not Status.REVOKED,
    )
