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


def sequence(contest: Contest, announced: Announced) -> int:
    """The SEQUENCE of what holds now: that of a change which is not announced yet, if there is one."""
    known = told(announced)
    return announced.sequence + (present(contest, known) != known)


def is_over(contest: Contest, known: Facts, now: datetime) -> bool:
    """Whether changes concern nobody any more."""
    if contest.is_live:
        dates = (contest.planned_at, known.opens_at)
        return contest.status == Status.PLAYED and not any(date is not None and date > now for date in dates)
    return status_at(contest, now) in (Status.CLOSED, Status.ARCHIVED)


def occasion(contest: Contest, facts: Facts, announced: Announced, sequence: int) -> Occasion:
    return Occasion(
        contest_id=contest.pk,
        name=facts.name,
        organiser=contest.owner.username,
        contest_type=contest.contest_type,
        opens_at=facts.opens_at,
        closes_at=facts.closes_at,
        sequence=sequence,
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
