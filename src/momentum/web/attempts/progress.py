"""How far everybody is in a contest that is played alone: for its organiser."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, Max, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from momentum.web.accounts import queries as accounts
from momentum.web.attempts.models import Attempt, Participant
from momentum.web.contests.models import Contest


@dataclass(frozen=True)
class ProgressRow:
    """A participant as the organiser sees it. `state`: waiting, playing or finished. `score`: of the attempt that
    counts, or of the only one. `question_count`: of the newest attempt."""

    user_id: str
    name: str
    state: str
    asked: int
    question_count: int
    score: int
    attempt_count: int
    extra_percent: int
    extra_attempts: int


@dataclass(frozen=True)
class Counts:
    """How many participants have not started, are playing, and have finished."""

    waiting: int
    playing: int
    finished: int

    @property
    def total(self) -> int:
        return self.waiting + self.playing + self.finished


def counts(contest: Contest) -> Counts:
    attempts = Attempt.objects.filter(contest=contest)
    started, playing = attempts.filter(number=1).count(), attempts.filter(finished_at=None).count()
    return Counts(contest.participants.count() - started, playing, started - playing)


def named(contest: Contest, part: str) -> QuerySet[Participant]:
    """The participants with this in their names; all of them for ""."""
    return contest.participants.filter(username__icontains=part) if part else contest.participants.all()


def rows(participants: QuerySet[Participant], offset: int, limit: int) -> list[ProgressRow]:
    """`limit` of these participants of one contest: by points, then time, those who have not started last."""
    counting = Q(attempts__counts=True)
    placed: QuerySet[Any] = participants.annotate(
        attempt_count=Count("attempts"),
        score=Coalesce(Max("attempts__score", filter=counting), Max("attempts__score"), 0),
        correct_ms=Coalesce(Max("attempts__correct_ms", filter=counting), Max("attempts__correct_ms"), 0),
        waiting=Case(When(attempt_count=0, then=Value(1)), default=Value(0)),
    ).order_by("waiting", "-score", "correct_ms", "joined_at", "pk")
    shown = list(placed[offset : offset + limit])
    newest = _newest(shown)
    gone = accounts.deleted_ids([participant.user_id for participant in shown])
    return [_row(participant, newest.get(participant.pk), participant.user_id in gone) for participant in shown]


def _newest(participants: list[Any]) -> dict[int, Attempt]:
    """The newest attempt of each of them who has one."""
    later = Attempt.objects.filter(participant=OuterRef("participant"), number__gt=OuterRef("number"))
    attempts = Attempt.objects.filter(~Exists(later), participant__in=participants)
    return {attempt.participant_id: attempt for attempt in attempts}


def _row(participant: Any, newest: Attempt | None, is_gone: bool) -> ProgressRow:
    return ProgressRow(
        user_id=participant.user_id,
        name=_("Former player") if is_gone else participant.username,
        state="waiting" if newest is None else "finished" if newest.finished_at else "playing",
        asked=newest.asked if newest else 0,
        question_count=newest.question_count if newest else 0,
        score=participant.score,
        attempt_count=participant.attempt_count,
        extra_percent=participant.extra_percent,
        extra_attempts=participant.extra_attempts,
    )
