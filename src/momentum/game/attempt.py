"""The rules of a contest that is played alone: decide(attempt, command, at) -> facts, apply(attempt, fact).

All instants are Unix milliseconds of the server. Unlike a live game's, this clock follows the wall: an attempt lasts
across restarts, and a contest closes for everybody at one instant.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from momentum.game import scoring
from momentum.game.tally import NOTHING, Tally

LIVES = 3
"""Of a marathon's run: a wrong answer or a time-out costs one."""


class FinishReason(StrEnum):
    COMPLETED = "completed"
    TIME_UP = "time_up"
    CLOSED = "closed"
    LIVES_SPENT = "lives_spent"


class Verdict(StrEnum):
    """What became of a command. recorded: its question has its answer already, or has timed out, and that stands."""

    DONE = "done"
    RECORDED = "recorded"
    NOT_OPEN = "not_open"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """`timer_ms` per question and `total_ms` for the whole, None for no limit. `lives` None: wrong answers cost none.
    `streaks`: right answers in a row multiply points. `waits`: the next question opens when the player says so."""

    question_count: int
    timer_ms: int | None = None
    total_ms: int | None = None
    lives: int | None = None
    streaks: bool = False
    waits: bool = False

    def with_extra(self, percent: int) -> "Rules":
        """The same for somebody who has so much more time."""
        return replace(self, timer_ms=_longer(self.timer_ms, percent), total_ms=_longer(self.total_ms, percent))


@dataclass(frozen=True, slots=True)
class Opened:
    at: int
    position: int


@dataclass(frozen=True, slots=True)
class Answered:
    """`choice` None: no answer came in time. `t_ms`: since the question was opened."""

    at: int
    position: int
    choice: int | None
    correct: bool
    points: int
    t_ms: int
    voided: bool = False


@dataclass(frozen=True, slots=True)
class Finished:
    at: int
    reason: FinishReason


Fact = Opened | Answered | Finished


@dataclass(frozen=True, slots=True)
class Next:
    """Open the question after number `after`. Saying it twice opens one."""

    after: int


@dataclass(frozen=True, slots=True)
class Answer:
    """`correct`: whether `choice` is the right one for question number `position`."""

    position: int
    choice: int
    correct: bool


@dataclass(frozen=True, slots=True)
class Look:
    """Nothing but what the clock has brought about."""


Command = Next | Answer | Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """`asked` questions have been opened, the last at `opened_at`; that is None between questions. `voided`: whether
    the last one counts for nobody."""

    rules: Rules
    started_at: int
    closes_at: int
    tally: Tally = NOTHING
    asked: int = 0
    opened_at: int | None = None
    finished_at: int | None = None
    finish_reason: FinishReason | None = None
    voided: bool = False

    @property
    def ends_at(self) -> int:
        """The last instant of the attempt as a whole."""
        total_ms = self.rules.total_ms
        return self.closes_at if total_ms is None else min(self.closes_at, self.started_at + total_ms)

    @property
    def deadline(self) -> int | None:
        """The last instant at which an answer to the open question is in time."""
        if self.opened_at is None:
            return None
        timer_ms = self.rules.timer_ms
        return self.ends_at if timer_ms is None else min(self.ends_at, self.opened_at + timer_ms)

    @property
    def lives_left(self) -> int | None:
        return None if self.rules.lives is None else max(self.rules.lives - self.tally.misses, 0)


def decide(attempt: Attempt, command: Command, at: int) -> tuple[list[Fact], Verdict]:
    """What happens at `at`: first what the clock has brought about, then what the command does."""
    facts = _due(attempt, at)
    for fact in facts:
        attempt = apply(attempt, fact)
    match command:
        case Next():
            done, verdict = _next(attempt, command, at)
        case Answer():
            done, verdict = _answer(attempt, command, at)
        case Look():
            done, verdict = [], Verdict.DONE
    return facts + done, verdict


def apply(attempt: Attempt, fact: Fact) -> Attempt:
    """The attempt after `fact`."""
    match fact:
        case Opened():
            return replace(attempt, asked=fact.position, opened_at=fact.at, voided=False)
        case Answered():
            return replace(attempt, opened_at=None, tally=attempt.tally.after(fact))
        case Finished():
            return replace(attempt, opened_at=None, finished_at=fact.at, finish_reason=fact.reason)


def _due(attempt: Attempt, at: int) -> list[Fact]:
    """The time-out of the open question, and the end, so far as their instants lie before `at`."""
    facts: list[Fact] = []
    deadline = attempt.deadline
    if attempt.opened_at is not None and deadline is not None and at > deadline:
        t_ms = max(deadline - attempt.opened_at, 0)
        facts = _closing(attempt, Answered(deadline, attempt.asked, None, False, 0, t_ms, attempt.voided))
        for fact in facts:
            attempt = apply(attempt, fact)
    if attempt.finished_at is None and at > attempt.ends_at:
        reason = FinishReason.CLOSED if attempt.ends_at == attempt.closes_at else FinishReason.TIME_UP
        facts.append(Finished(attempt.ends_at, reason))
    return facts


def _next(attempt: Attempt, command: Next, at: int) -> tuple[list[Fact], Verdict]:
    if attempt.finished_at is not None:
        return [], Verdict.OVER
    if command.after < attempt.asked:
        return [], Verdict.RECORDED
    if command.after > attempt.asked or attempt.opened_at is not None:
        return [], Verdict.NOT_OPEN
    return [Opened(at, attempt.asked + 1)], Verdict.DONE


def _answer(attempt: Attempt, command: Answer, at: int) -> tuple[list[Fact], Verdict]:
    if command.position == attempt.asked and attempt.opened_at is not None:
        facts = _closing(attempt, _answered(attempt, command, at, attempt.opened_at))
        if len(facts) == 1 and not attempt.rules.waits:
            facts.append(Opened(at, attempt.asked + 1))
        return facts, Verdict.DONE
    if 1 <= command.position <= attempt.asked:
        return [], Verdict.RECORDED
    return [], Verdict.OVER if attempt.finished_at is not None else Verdict.NOT_OPEN


def _answered(attempt: Attempt, command: Answer, at: int, opened_at: int) -> Answered:
    t_ms, timer_ms = max(at - opened_at, 0), attempt.rules.timer_ms
    if timer_ms is None:
        points = scoring.FULL_POINTS if command.correct else 0
    else:
        points = scoring.points(correct=command.correct, t_ms=t_ms, timer_ms=timer_ms)
    if attempt.rules.streaks:
        points = scoring.streak_points(points, attempt.tally.streak)
    return Answered(at, command.position, command.choice, command.correct, points, t_ms, attempt.voided)


def _closing(attempt: Attempt, answered: Answered) -> list[Fact]:
    """The answer, and the end where it is the last one."""
    after = apply(attempt, answered)
    if after.lives_left == 0:
        return [answered, Finished(answered.at, FinishReason.LIVES_SPENT)]
    if after.asked >= after.rules.question_count:
        return [answered, Finished(answered.at, FinishReason.COMPLETED)]
    return [answered]


def _longer(ms: int | None, percent: int) -> int | None:
    return None if ms is None else ms * (100 + percent) // 100
