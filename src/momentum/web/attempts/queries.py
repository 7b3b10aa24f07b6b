"""What a player sees of an attempt. No key is in it before the contest has closed."""

import re
import uuid
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from momentum.game.scoring import multiplier
from momentum.web import clock
from momentum.web.attempts import rules, scoreboard
from momentum.web.attempts.models import Attempt, AttemptAnswer

WIRE_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class OptionShown:
    """`number`: from 1, in this attempt's order."""

    number: int
    text: str

    @property
    def letter(self) -> str:
        return "ABCD"[self.number - 1]


@dataclass(frozen=True)
class OpenQuestion:
    """`id` is the attempt's own. `remaining_ms`, `timer_ms`: of whatever ends it first; None: nothing does soon."""

    id: str
    number: int
    category: str
    text: str
    options: tuple[OptionShown, ...]
    remaining_ms: int
    timer_ms: int | None


@dataclass(frozen=True)
class LastAnswer:
    """What became of the question before. `correct`, `points`: None where the player is not to know yet."""

    number: int
    in_time: bool
    correct: bool | None
    points: int | None
    voided: bool


@dataclass(frozen=True)
class ReviewedOption:
    number: int
    text: str
    correct: bool
    yours: bool


@dataclass(frozen=True)
class ReviewedQuestion:
    number: int
    category: str
    text: str
    options: tuple[ReviewedOption, ...]
    in_time: bool
    correct: bool
    points: int
    seconds: float
    voided: bool
    explanation: str


@dataclass(frozen=True)
class AttemptPage:
    """`state`: question, between or finished. `score`, `correct_count` None: not to be known yet. `multiplier`: in
    tenths, of the next right answer; `lives` only in a marathon. `whole_ms`: what is left of the attempt as a whole."""

    id: UUID
    contest_id: UUID
    contest_name: str
    is_marathon: bool
    username: str
    number: int
    state: str
    asked: int
    question_count: int
    results_at_once: bool
    closed: bool
    closes_at: datetime
    whole_ms: int | None
    question: OpenQuestion | None
    last: LastAnswer | None
    score: int | None
    correct_count: int | None
    best_streak: int | None
    streak: int
    multiplier: int
    lives: int | None
    lives_left: int | None
    finish_reason: str
    finished_at: datetime | None


def question_id(attempt_id: UUID, number: int) -> str:
    """How this attempt calls its question number `number` on the wire: nothing of the bank shows in it."""
    return f"{number:04x}{uuid.uuid5(attempt_id, str(number)).hex[:12]}"


def number_of(attempt_id: UUID, wire_id: str) -> int | None:
    """The number of the question that this attempt asks under that id."""
    if not WIRE_ID.fullmatch(wire_id):
        return None
    number = int(wire_id[:4], 16)
    return number if question_id(attempt_id, number) == wire_id else None


def attempt_page(attempt: Attempt) -> AttemptPage:
    """`attempt` as `actions` gives it."""
    contest, now = attempt.contest, timezone.now()
    assert contest.closes_at is not None
    state = rules.in_game_terms(attempt, None)
    closed = scoreboard.is_closed(contest, now)
    shown = closed or rules.shows_results_at_once(contest)
    at = clock.to_ms(now)
    return AttemptPage(
        id=attempt.pk,
        contest_id=contest.pk,
        contest_name=contest.name,
        is_marathon=rules.is_marathon(contest),
        username=attempt.username,
        number=attempt.number,
        state="finished" if attempt.finished_at else "question" if attempt.opened_at else "between",
        asked=attempt.asked,
        question_count=attempt.question_count,
        results_at_once=rules.shows_results_at_once(contest),
        closed=closed,
        closes_at=contest.closes_at,
        whole_ms=max(state.ends_at - at, 0) if state.rules.total_ms and not attempt.finished_at else None,
        question=_open_question(attempt, state.deadline, state.rules.timer_ms, at) if attempt.opened_at else None,
        last=_last(attempt, shown=shown),
        score=attempt.score if shown else None,
        correct_count=attempt.correct_count if shown else None,
        best_streak=attempt.best_streak if shown else None,
        streak=attempt.streak if shown else 0,
        multiplier=multiplier(attempt.streak) if state.rules.streaks else multiplier(0),
        lives=state.rules.lives,
        lives_left=state.lives_left,
        finish_reason=attempt.finish_reason,
        finished_at=attempt.finished_at,
    )


def review(attempt: Attempt) -> tuple[ReviewedQuestion, ...]:
    """Every question of a finished attempt with its key and explanation; nothing before the contest has closed."""
    if attempt.finished_at is None or not scoreboard.is_closed(attempt.contest, timezone.now()):
        return ()
    answers = attempt.answers.select_related("question").order_by("position")
    return tuple(_reviewed(attempt, answer) for answer in answers)


def _open_question(attempt: Attempt, deadline: int | None, timer_ms: int | None, at: int) -> OpenQuestion:
    question = rules.question_at(attempt, attempt.asked)
    order = rules.options_shown(attempt, attempt.asked)
    assert deadline is not None
    return OpenQuestion(
        id=question_id(attempt.pk, attempt.asked),
        number=attempt.asked,
        category=question.category,
        text=question.text,
        options=tuple(OptionShown(n, question.options[index]) for n, index in enumerate(order, start=1)),
        remaining_ms=max(deadline - at, 0),
        timer_ms=timer_ms,
    )


def _last(attempt: Attempt, *, shown: bool) -> LastAnswer | None:
    answer = attempt.answers.order_by("-position").first()
    if answer is None:
        return None
    return LastAnswer(
        number=answer.position,
        in_time=answer.choice is not None,
        correct=answer.correct if shown else None,
        points=_points(answer) if shown else None,
        voided=answer.voided,
    )


def _reviewed(attempt: Attempt, answer: AttemptAnswer) -> ReviewedQuestion:
    question, order = answer.question, rules.options_shown(attempt, answer.position)
    return ReviewedQuestion(
        number=answer.position,
        category=answer.category,
        text=question.text,
        options=tuple(
            ReviewedOption(n, question.options[index], index == question.correct, index == answer.choice)
            for n, index in enumerate(order, start=1)
        ),
        in_time=answer.choice is not None,
        correct=answer.correct,
        points=_points(answer),
        seconds=round(answer.t_ms / 1000, 1),
        voided=answer.voided,
        explanation=question.explanation,
    )


def _points(answer: AttemptAnswer) -> int:
    return 0 if answer.voided else answer.points
