"""What invited people are told about a contest, and how long invitations to it count."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings

from momentum.web.contests.models import Contest
from momentum.web.contests.status import Status, status_at
from momentum.web.invitations.models import Announced
from momentum.web.mail.contest_mails import Occasion

COUNTS_FOR = timedelta(days=30)
AFTER_THE_END = timedelta(days=1)
INVITABLE = (Status.READY, Status.PLAYED, Status.SCHEDULED, Status.OPEN)


@dataclass(frozen=True)
class Facts:
    """Where `cancelled`, the rest is what no longer holds."""

    name: str
    opens_at: datetime | None
    closes_at: datetime | None
    cancelled: bool = False


def told(announced: Announced) -> Facts:
    """What those who were invited know."""
    return Facts(announced.name, announced.opens_at, announced.closes_at, announced.cancelled)


def present(contest: Contest, known: Facts | None = None) -> Facts:
    """What holds now, for people who know `known`: a contest that has lost the dates that it had is cancelled."""
    if known and (contest.deleted_at or _lost_its_dates(contest, known)):
        return replace(known, cancelled=True)
    if contest.is_live:
        return Facts(contest.name, contest.planned_at, None)
    return Facts(contest.name, contest.opens_at, contest.closes_at)


def is_invitable(contest: Contest, now: datetime) -> bool:
    """Whether somebody who is invited could take part."""
    return not contest.deleted_at and status_at(contest, now) in INVITABLE


def is_over(contest: Contest, known: Facts, now: datetime) -> bool:
    """Whether changes concern nobody any more."""
    if not contest.is_live:
        return status_at(contest, now) in (Status.CLOSED, Status.ARCHIVED)
    dates = [date for date in (contest.planned_at, known.opens_at) if date]
    if any(date > now for date in dates):
        return False
    return contest.status == Status.PLAYED or (bool(dates) and max(dates) + AFTER_THE_END < now)


def settle(announced: Announced, contest: Contest) -> None:
    """Make what holds now what is told from here on: a change, if it differs from what was told so far."""
    holds = present(contest, told(announced))
    if holds == told(announced):
        return
    announced.name, announced.opens_at, announced.closes_at = holds.name, holds.opens_at, holds.closes_at
    announced.cancelled, announced.changed_at = holds.cancelled, contest.deleted_at or contest.changed_at
    announced.sequence += 1
    announced.save()
    if counts_until := counts_at_least_until(contest):
        contest.invitations.filter(expires_at__lt=counts_until).update(expires_at=counts_until)


def occasion(announced: Announced) -> Occasion:
    """What mails say from here on. Needs the contest with its owner."""
    contest = announced.contest
    return Occasion(
        contest_id=contest.pk,
        name=announced.name,
        organiser=contest.owner.username,
        contest_type=contest.contest_type,
        opens_at=announced.opens_at,
        closes_at=announced.closes_at,
        sequence=announced.sequence,
        time_zone=announced.time_zone,
    )


def expiry(contest: Contest, sent_at: datetime) -> datetime:
    """Until when an invitation counts that nobody has accepted: for a month, and not before the contest is over."""
    return max(sent_at + COUNTS_FOR, counts_at_least_until(contest) or sent_at)


def counts_at_least_until(contest: Contest) -> datetime | None:
    end = contest.planned_at if contest.is_live else contest.closes_at
    return end + AFTER_THE_END if end else None


def kept_until(expires_at: datetime) -> datetime:
    """When the addresses go."""
    return expires_at + timedelta(days=settings.MOMENTUM.limits.keep_invitations_days)


def _lost_its_dates(contest: Contest, known: Facts) -> bool:
    if contest.is_live:
        return contest.planned_at is None and known.opens_at is not None
    return contest.status == Status.DRAFT
