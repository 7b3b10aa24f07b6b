"""Contests played alone that have closed and are not yet counted."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from functools import partial

from django.db.models import Exists, OuterRef

from momentum.web.attempts.models import Attempt, AttemptAnswer
from momentum.web.attempts.scoreboard import standing
from momentum.web.contests.models import Contest, ContestType
from momentum.web.contests.status import Status
from momentum.web.leaderboards.finished import Amount, Answered, Finished, Line, tallies
from momentum.web.leaderboards.models import Source


def finished() -> Iterator[Finished]:
    """Contests that the worker has closed and whose attempts have all ended, the first to close first."""
    counted = Source.objects.filter(pk=OuterRef("pk"), done=True)
    running = Attempt.objects.filter(contest=OuterRef("pk"), finished_at=None)
    closed = Contest.objects.filter(status__in=[Status.CLOSED, Status.ARCHIVED]).exclude(
        contest_type=ContestType.QUICK_FIRE
    )
    for contest in closed.filter(~Exists(counted), ~Exists(running)).order_by("closes_at", "pk"):
        assert contest.closes_at is not None
        yield Finished(
            source_id=contest.pk,
            contest=contest,
            contest_type=contest.contest_type,
            ended_at=contest.closes_at,
            lines=partial(lines, contest),
        )


def lines(contest: Contest, after: str, limit: int) -> list[Line]:
    """Each player's counting attempt, by their ids."""
    board = sorted(standing(contest).values_list("score", "correct_ms"), key=_order)
    keys = [_order(line) for line in board]
    attempts = list(standing(contest).filter(user_id__gt=after).order_by("user_id")[:limit])
    answers: defaultdict[object, list[Answered]] = defaultdict(list)
    for row in AttemptAnswer.objects.filter(attempt__in=attempts, voided=False, choice__isnull=False):
        answers[row.attempt_id].append(Answered(row.position, row.category, row.correct, row.points, row.t_ms))
    return [
        _line(attempt, 1 + bisect_left(keys, _order((attempt.score, attempt.correct_ms))), answers[attempt.pk])
        for attempt in attempts
    ]


def _order(line: tuple[int, int]) -> tuple[int, int]:
    score, correct_ms = line
    return -score, correct_ms


def _line(attempt: Attempt, rank: int, answers: list[Answered]) -> Line:
    return Line(
        player=attempt.user_id,
        username=attempt.username,
        rank=rank,
        amount=Amount(
            score=attempt.score,
            correct_ms=attempt.correct_ms,
            correct_count=attempt.correct_count,
            answer_count=attempt.answer_count,
        ),
        best_streak=attempt.best_streak,
        tallies=tallies(answers),
    )
