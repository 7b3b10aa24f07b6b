"""What the worker does by the clock: opening and closing contests. Each is done once, however often it is tried; and
nobody waits for it, since `status_at` goes by the dates."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from momentum.web import clock
from momentum.web.attempts import actions
from momentum.web.attempts.models import Attempt
from momentum.web.contests import lifecycle
from momentum.web.contests.isolation import isolated
from momentum.web.contests.models import Contest, Timing
from momentum.web.contests.status import Status
from momentum.web.play import pins
from momentum.web.webhooks import actions as webhooks
from momentum.web.webhooks import events


def open_due() -> int:
    """Open the contests whose time has come. Returns how many."""
    due = Contest.objects.filter(status=Status.SCHEDULED, opens_at__lte=timezone.now(), deleted_at=None)
    return sum(lifecycle.change_status(pk, Status.OPEN) for pk in due.values_list("pk", flat=True))


def close_due() -> int:
    """Close the contests whose time is over, their attempts ended and counted. Returns how many."""
    due = Contest.objects.filter(
        status__in=[Status.SCHEDULED, Status.OPEN], closes_at__lt=timezone.now() - clock.MOMENT, deleted_at=None
    )
    return sum(isolated(close, pk) for pk in due.values_list("pk", flat=True))


def end_attempts() -> int:
    """End the attempts whose time is over in contests that are still open, so that boards have them; and any that began
    in the moment in which its contest was closed. Returns how many."""
    timed = Q(opened_at__isnull=False) | ~Q(contest__timing=Timing.QUESTION)
    over = Q(contest__status__in=[Status.CLOSED, Status.ARCHIVED])
    running = Attempt.objects.filter(over | Q(contest__status=Status.OPEN) & timed)
    running = running.filter(finished_at=None)
    return sum(actions.look(pk).finished_at is not None for pk in running.values_list("pk", flat=True))


def close(contest_id: UUID) -> bool:
    """Whether this call has closed it. `closes_at` must have passed."""
    end_running(contest_id)
    with transaction.atomic():
        closed = lifecycle.change_status(contest_id, Status.CLOSED)
        pins.retire_for_attempts(contest_id)
        if closed:
            contest = Contest.objects.get(pk=contest_id)
            webhooks.announce(events.contest_closed(contest, contest.closes_at or timezone.now()), contest)
    return closed


def end_running(contest_id: UUID) -> None:
    """End, by the clock, the attempts that nobody has looked at since."""
    for pk in Attempt.objects.filter(contest_id=contest_id, finished_at=None).values_list("pk", flat=True):
        actions.look(pk)
