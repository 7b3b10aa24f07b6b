"""The bodies of the calls around contests that are played alone."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from momentum.web.api.schemas import Answer, Request
from momentum.web.contests import fields


class EnterRequest(Request):
    """`username` may be left out by who has an account, or is in already."""

    username: str | None = None


class NextRequest(Request):
    """`after`: the number of the question before, as in `asked`. Saying it twice opens one question."""

    after: int = Field(ge=0)


class AnswerRequest(Request):
    """`option`: its number as shown, from 1."""

    question_id: str
    option: int = Field(ge=1, le=4)


class Place(Answer):
    contest_id: UUID
    user_id: str
    username: str


class OptionAnswer(Answer):
    number: int
    text: str


class QuestionAnswer(Answer):
    """`remainingMs`: until an answer is late, by the server's clock. `timerMs` null: this question has no timer."""

    id: str
    number: int
    category: str
    text: str
    options: list[OptionAnswer]
    remaining_ms: int
    timer_ms: int | None


class LastAnswer(Answer):
    """`correct`, `points`: null until the player may know."""

    number: int
    in_time: bool
    correct: bool | None
    points: int | None
    voided: bool


class AttemptState(Answer):
    """`state` between: POST .../next opens the next question. `multiplier` in tenths. `score`, `correctCount`,
    `bestStreak`: null until the player may know."""

    id: UUID
    contest_id: UUID
    username: str
    number: int
    state: Literal["question", "between", "finished"]
    asked: int
    question_count: int
    closes_at: datetime
    whole_ms: int | None
    question: QuestionAnswer | None
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


class ReviewedOption(Answer):
    number: int
    text: str
    correct: bool
    yours: bool


class ReviewedQuestion(Answer):
    number: int
    category: str
    text: str
    options: list[ReviewedOption]
    in_time: bool
    correct: bool
    points: int
    seconds: float
    voided: bool
    explanation: str


class Review(Answer):
    questions: list[ReviewedQuestion]


class BoardRow(Answer):
    rank: int
    name: str
    score: int
    correct_count: int
    correct_ms: int
    best_streak: int
    is_you: bool


class Board(Answer):
    """`frozenAt`: it shows how things stood then. `total` counts all rows."""

    rows: list[BoardRow]
    total: int
    frozen_at: datetime | None
    voided_questions: list[int]


class OwnAttempt(Answer):
    id: UUID
    number: int
    running: bool
    score: int | None
    counts: bool
    finished_at: datetime | None


class Lobby(Answer):
    """A contest as its players see it. `isFinal`: closed, and everything is counted.

    `attemptsLeft` null: as many as one likes. `now`: the server's clock.
    """

    id: UUID
    name: str
    contest_type: fields.ContestKind
    organiser: str
    phase: str
    is_final: bool
    opens_at: datetime
    closes_at: datetime
    now: datetime
    question_count: int
    rules: list[str]
    participant_count: int
    participant_names: list[str]
    you: str
    attempts_left: int | None
    may_start: bool
    running_id: UUID | None
    attempts: list[OwnAttempt]


class ProgressRow(Answer):
    user_id: str
    name: str
    state: Literal["waiting", "playing", "finished"]
    asked: int
    question_count: int
    score: int
    attempt_count: int
    extra_percent: int
    extra_attempts: int


class Progress(Answer):
    """`participants`: a page of all `total`, by points; those who have not started come last."""

    status: str
    waiting: int
    playing: int
    finished: int
    total: int
    participants: list[ProgressRow]


class KeyRow(Answer):
    """A question with its key: for the organiser alone."""

    position: int
    text: str
    category: str
    difficulty: str
    answer: str
    answered: int
    right: int
    voided: bool


class Key(Answer):
    questions: list[KeyRow]


class ParticipantChange(Request):
    """What is left out stays as it is. `extraAttempts` is what there is then beyond the usual."""

    extra_percent: int | None = None
    extra_attempts: int | None = None
