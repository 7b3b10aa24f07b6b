"""What an organiser does to a contest that is played alone, beside editing it."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from momentum.web import clock
from momentum.web.attempts import rules, schedule, tallies
from momentum.web.attempts.models import (
    MAX_EXTRA_ATTEMPTS,
    MAX_EXTRA_PERCENT,
    Attempt,
    AttemptAnswer,
    FrozenQuestion,
    Participant,
)
from momentum.web.contests import actions as contests
from momentum.web.contests import lifecycle
from momentum.web.contests.models import Contest
from momentum.web.contests.status import Status, status_at
from momentum.web.leaderboards import projection
from momentum.web.refusals import Refusal

ENDED_AT_ONCE = 100
"""So many attempts are ended while somebody waits."""


class NotNow(Refusal):
    error = "not_now"


class BadExtraTime(Refusal):
    error = "bad_extra_time"
    status = 422

    def __str__(self) -> str:
        return _("Extra time is a percentage from 0 to %(most)d.") % {"most": MAX_EXTRA_PERCENT}


class BadExtraAttempts(Refusal):
    error = "bad_extra_attempts"
    status = 422

    def __str__(self) -> str:
        return _("Further attempts are a number from 0 to %(most)d.") % {"most": MAX_EXTRA_ATTEMPTS}


def move_end(contest: Contest, closes_at: datetime) -> None:
    """Let the contest close earlier or later. Raises BadDates, HasClosed."""
    contests.change_contest(contest, closes_at=closes_at)


def end(contest: Contest) -> None:
    """Close the contest now; the attempts of many are ended by the worker. Raises NotNow unless it is open."""
    now = timezone.now()
    if status_at(contest, now) is not Status.OPEN:
        raise NotNow(_("Only an open contest can be ended."))
    just_before = now - clock.MOMENT
    ended = Contest.objects.filter(pk=contest.pk, closes_at__gt=just_before, opens_at__lt=just_before)
    if not ended.update(closes_at=just_before):
        return
    if Attempt.objects.filter(contest=contest, finished_at=None).count() <= ENDED_AT_ONCE:
        schedule.close(contest.pk)


def archive(contest: Contest) -> None:
    """Take a closed contest off the organiser's list. Raises NotNow unless it is closed."""
    if status_at(contest, timezone.now()) is not Status.CLOSED:
        raise NotNow(_("Only a closed contest can be archived."))
    schedule.close(contest.pk)
    lifecycle.change_status(contest.pk, Status.ARCHIVED)


def unarchive(contest: Contest) -> None:
    """Put an archived contest back on the organiser's list. Raises NotNow unless it is archived."""
    if contest.status != Status.ARCHIVED:
        raise NotNow(_("Only an archived contest can be put back."))
    lifecycle.change_status(contest.pk, Status.CLOSED)


@transaction.atomic
def void(question: FrozenQuestion) -> None:
    """Take a question of a standard contest out of everybody's score. Raises NotNow in a marathon. Twice is once."""
    if rules.is_marathon(question.contest):
        raise NotNow(_("A marathon asks everybody something else, so no question of it can be voided."))
    # What is decided meanwhile has not seen this: it fails, and is decided again.
    Attempt.objects.filter(contest=question.contest_id).update(revision=F("revision") + 1)
    if not FrozenQuestion.objects.filter(pk=question.pk, voided_at=None).update(voided_at=timezone.now()):
        return
    AttemptAnswer.objects.filter(question=question).update(voided=True)
    recompute(question.contest)


def recompute(contest: Contest) -> None:
    """Make the tallies of all attempts what their answers come to."""
    found = tallies.of_contest(contest.pk)
    for pk in Attempt.objects.filter(contest=contest).values_list("pk", flat=True):
        Attempt.objects.filter(pk=pk).update(**asdict(found[pk]))
    projection.recount(contest.pk)


def participant(contest: Contest, user_id: str) -> Participant | None:
    """The participant of this id, whatever somebody sent as one."""
    return None if "\0" in user_id else contest.participants.filter(user_id=user_id).first()


@transaction.atomic
def give_extra_time(participant: Participant, percent: int) -> None:
    """Make a participant's timers longer by `percent`, in an attempt that is going on too. Raises BadExtraTime."""
    if not 0 <= percent <= MAX_EXTRA_PERCENT:
        raise BadExtraTime
    Participant.objects.filter(pk=participant.pk).update(extra_percent=percent)
    running = Attempt.objects.filter(participant=participant, finished_at=None)
    running.update(extra_percent=percent, revision=F("revision") + 1)


def allow_attempts(participant: Participant, extra: int) -> None:
    """So many attempts more than the contest allows; in a standard contest the newest one counts.

    Raises BadExtraAttempts.
    """
    if not 0 <= extra <= MAX_EXTRA_ATTEMPTS:
        raise BadExtraAttempts
    Participant.objects.filter(pk=participant.pk).update(extra_attempts=extra)
