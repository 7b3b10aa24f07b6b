"""What has finished: sources whose results are to be counted, and each player's line in them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from momentum.web.contests.models import Contest


@dataclass(frozen=True, kw_only=True)
class Amount:
    """What is summed up. `correct_ms`: total time of right answers."""

    score: int = 0
    correct_ms: int = 0
    correct_count: int = 0
    answer_count: int = 0


@dataclass(frozen=True, kw_only=True)
class Line:
    """What one player reached. `rank` None: removed. `tallies`: the amount of each category."""

    player: str
    username: str
    rank: int | None
    amount: Amount
    best_streak: int
    tallies: dict[str, Amount] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Finished:
    """A game that is over or a contest that has closed.

    `lines(after, limit)`: its players whose id is greater than `after`, in the order of their ids.
    """

    source_id: UUID
    contest: Contest
    contest_type: str
    ended_at: datetime
    lines: Callable[[str, int], list[Line]]


@dataclass(frozen=True)
class Answered:
    """One answer to a question that counted."""

    number: int
    category: str
    correct: bool
    points: int
    t_ms: int


def best_streak(answers: list[Answered], numbers: list[int]) -> int:
    """The most right answers in a row; `numbers`: the questions that counted, in order. No answer ends a streak."""
    right = {answer.number for answer in answers if answer.correct}
    best = streak = 0
    for number in numbers:
        streak = streak + 1 if number in right else 0
        best = max(best, streak)
    return best


def tallies(answers: list[Answered]) -> dict[str, Amount]:
    """The amount of each category."""
    found: dict[str, Amount] = {}
    for answer in answers:
        before = found.get(answer.category, Amount())
        found[answer.category] = Amount(
            score=before.score + answer.points,
            correct_ms=before.correct_ms + (answer.t_ms if answer.correct else 0),
            correct_count=before.correct_count + answer.correct,
            answer_count=before.answer_count + 1,
        )
    return found
