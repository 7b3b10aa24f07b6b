"""The life of a contest, as a table. Live ones are ready or played: whether a game is open right now is no status, its
PIN tells. Those played alone are scheduled, open and closed by their dates."""

from datetime import datetime
from typing import Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _

from momentum.web import clock


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    READY = "ready", _("Ready")
    PLAYED = "played", _("Played")
    SCHEDULED = "scheduled", _("Scheduled")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    ARCHIVED = "archived", _("Archived")


TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.READY, Status.PLAYED, Status.SCHEDULED}),
    Status.READY: frozenset({Status.DRAFT, Status.PLAYED, Status.SCHEDULED}),
    Status.PLAYED: frozenset({Status.PLAYED}),
    Status.SCHEDULED: frozenset({Status.DRAFT, Status.READY, Status.OPEN, Status.CLOSED}),
    Status.OPEN: frozenset({Status.CLOSED}),
    Status.CLOSED: frozenset({Status.ARCHIVED}),
    Status.ARCHIVED: frozenset({Status.CLOSED}),
}

LIVE = frozenset({Status.READY, Status.PLAYED})
DATED = frozenset({Status.SCHEDULED, Status.OPEN, Status.CLOSED, Status.ARCHIVED})
"""Which need both dates."""


class Dated(Protocol):
    """A contest, so far as its dates go."""

    status: str
    opens_at: datetime | None
    closes_at: datetime | None


def status_at(contest: Dated, at: datetime) -> Status:
    """What a contest is at that instant by its dates, whether or not the worker has written it down yet."""
    status = Status(contest.status)
    if status not in (Status.SCHEDULED, Status.OPEN) or contest.opens_at is None or contest.closes_at is None:
        return status
    if clock.to_ms(at) > clock.to_ms(contest.closes_at):
        return Status.CLOSED
    return Status.OPEN if at >= contest.opens_at else Status.SCHEDULED
