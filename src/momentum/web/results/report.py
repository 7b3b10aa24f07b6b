"""The contract of results: what a finished game and a closed contest can both tell."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from momentum.web.contests.models import Contest


@dataclass(frozen=True)
class Participant:
    """A line of the board. `rank` None: removed by the host. `place` counts lines from 1. `name`: as played under."""

    player: str
    name: str
    rank: int | None
    place: int
    score: int
    correct_ms: int
    correct_count: int
    answer_count: int
    is_host: bool


@dataclass(frozen=True)
class Question:
    """`correct` is an index into `options`. `voided`: closed without points, or taken out later."""

    number: int
    text: str
    category: str
    difficulty: str
    options: tuple[str, ...]
    correct: int
    explanation: str
    voided: bool


@dataclass(frozen=True)
class Given:
    """What a player said to a question; `choice` None: nothing in time. `points`: those that count.

    `number` is the question's; `position` counts those that this player was asked, in their order.
    """

    player: str
    number: int
    position: int
    choice: int | None
    correct: bool
    points: int
    t_ms: int
    credit_ms: int


@dataclass(frozen=True)
class QuestionFigures:
    """How often each option was chosen, by how many of those who were asked, and the mean time of answers."""

    choices: Counter[int]
    asked: int
    mean_ms: float | None


class Report(Protocol):
    """The results of one source. Nothing that is still open has one."""

    source_id: UUID
    contest: Contest
    name: str
    contest_type: str
    ended_at: datetime

    def participant_count(self) -> int: ...

    def participants(self, after_place: int, limit: int) -> list[Participant]:
        """Lines of the board behind a place, best first; who was removed comes last."""
        ...

    def participant(self, player: str) -> Participant | None: ...

    def questions(self) -> list[Question]:
        """In the order in which they were asked; where everybody was asked others, those that most were asked first."""
        ...

    def figures(self) -> dict[int, QuestionFigures]:
        """By the questions' numbers."""
        ...

    def answers_of(self, player: str) -> list[Given]:
        """In the order of the questions as this player met them."""
        ...

    def answer_count(self) -> int: ...

    def answers(self) -> Iterator[Given]:
        """All of them, player by player, read as they are needed."""
        ...
