"""What answers come to. Everything a board shows of an attempt follows from its answers, in their order."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol


class Counted(Protocol):
    """An answer as it is kept. `choice` None: none came in time. `voided`: its question counts for nobody."""

    @property
    def choice(self) -> int | None: ...
    @property
    def correct(self) -> bool: ...
    @property
    def points(self) -> int: ...
    @property
    def t_ms(self) -> int: ...
    @property
    def voided(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Tally:
    """`correct_ms`: total time of right answers. `streak`: right ones in a row up to now. `misses`: wrong answers and
    time-outs. `answer_count` leaves time-outs out."""

    score: int = 0
    correct_count: int = 0
    answer_count: int = 0
    correct_ms: int = 0
    streak: int = 0
    best_streak: int = 0
    misses: int = 0

    def after(self, answer: Counted) -> "Tally":
        if answer.voided:
            return self
        streak = self.streak + 1 if answer.correct else 0
        return Tally(
            score=self.score + answer.points,
            correct_count=self.correct_count + answer.correct,
            answer_count=self.answer_count + (answer.choice is not None),
            correct_ms=self.correct_ms + (answer.t_ms if answer.correct else 0),
            streak=streak,
            best_streak=max(self.best_streak, streak),
            misses=self.misses + (not answer.correct),
        )


NOTHING = Tally()


def tally(answers: Iterable[Counted]) -> Tally:
    """Of answers in the order of their positions."""
    result = NOTHING
    for answer in answers:
        result = result.after(answer)
    return result
