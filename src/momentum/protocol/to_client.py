"""What clients are told: {"type", "payload", "rev", "seq"}. One struct per payload; its `tag` is the message's type.

Times are milliseconds where the name ends in `_ms`, seconds otherwise. `rev` and `seq` are added by `codec`.
"""

from typing import ClassVar, Literal

import msgspec

Role = Literal["player", "host", "screen"]


class Player(msgspec.Struct, frozen=True):
    user_id: str
    username: str
    score: int
    connected: bool
    is_host: bool


class ScoreRow(msgspec.Struct, frozen=True):
    """A line of the board. `points_earned`: in the question that has just closed."""

    rank: int
    user_id: str
    username: str
    score: int
    points_earned: int
    correct_count: int


class OptionCount(msgspec.Struct, frozen=True):
    option: str
    count: int


class You(msgspec.Struct, frozen=True):
    """The receiver. `seated` false: a host who does not play, or a screen. `rank` null before the first closing."""

    user_id: str
    username: str
    role: Role
    seated: bool
    score: int
    rank: int | None


class ToClient(msgspec.Struct, frozen=True):
    """The base of all payloads."""

    type: ClassVar[str]


class NewQuestion(ToClient, frozen=True, kw_only=True):
    """A question has opened. `timer` in seconds; `options` in the order to show them."""

    type: ClassVar[str] = "NEW_QUESTION"
    question_number: int
    total_questions: int
    question_id: str
    question_text: str
    options: tuple[str, ...]
    timer: int | float
    category: str


class OpenQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """The open question, for somebody who comes (back) in the middle. `may_answer` false: joined after it opened."""

    question_number: int
    total_questions: int
    question_id: str
    question_text: str
    options: tuple[str, ...]
    timer: int | float
    category: str
    remaining_ms: int
    your_answer: str | None
    may_answer: bool


class QuestionClosed(ToClient, frozen=True, kw_only=True):
    """`scoreboard`: the best 100; `own`: the receiver's line. `next_in_ms` null: the host says when to go on."""

    type: ClassVar[str] = "QUESTION_CLOSED"
    question_number: int
    total_questions: int
    question_id: str
    question_text: str
    options: tuple[str, ...]
    correct_answer: str
    distribution: tuple[OptionCount, ...]
    explanation: str
    voided: bool
    scoreboard: tuple[ScoreRow, ...]
    player_count: int
    next_in_ms: int | None
    own: ScoreRow | None = None


class AnswerResult(ToClient, frozen=True, kw_only=True):
    """The receiver's own result. Told before the close (wrong, in a race), it has no `correct_answer`."""

    type: ClassVar[str] = "ANSWER_RESULT"
    question_id: str
    answer: str
    is_correct: bool
    points_awarded: int
    time_taken: float
    new_score: int
    correct_answer: str | None


class QuestionSummary(msgspec.Struct, frozen=True, kw_only=True):
    question_number: int
    question_text: str
    options: tuple[str, ...]
    correct_answer: str
    distribution: tuple[OptionCount, ...]
    explanation: str
    voided: bool


class GameOver(ToClient, frozen=True, kw_only=True):
    type: ClassVar[str] = "GAME_OVER"
    message: str
    reason: Literal["completed", "ended_by_host", "expired"]
    final_scoreboard: tuple[ScoreRow, ...]
    player_count: int
    questions: tuple[QuestionSummary, ...]
    own: ScoreRow | None = None


class GameState(ToClient, frozen=True, kw_only=True):
    """A socket's first message, always whole: everything a page needs to draw itself.

    `question` in phase question, `closed` and `your_result` in phase reveal, `over` in phase over; null otherwise.
    `starts_in_ms` in phase starting. `host_present` false while no host is connected. `answered` of `expected` players
    have answered the open question.
    """

    type: ClassVar[str] = "GAME_STATE"
    contest_id: str
    name: str
    phase: Literal["lobby", "starting", "question", "reveal", "over"]
    pace: Literal["race", "everyone"]
    paused: bool
    locked: bool
    host_present: bool
    max_players: int
    total_questions: int
    question_number: int
    players: tuple[Player, ...]
    player_count: int
    you: You
    question: OpenQuestion | None
    answered: int
    expected: int
    closed: QuestionClosed | None
    your_result: AnswerResult | None
    over: GameOver | None
    starts_in_ms: int | None
    resume_token: str


class PlayerJoined(ToClient, frozen=True, kw_only=True):
    """New seats are told one by one up to 100 players; above, one message tells of the latest and of the count."""

    type: ClassVar[str] = "PLAYER_JOINED"
    user_id: str
    username: str
    is_host: bool
    player_count: int
    players: tuple[Player, ...]


class PlayerLeft(ToClient, frozen=True, kw_only=True):
    type: ClassVar[str] = "PLAYER_LEFT"
    user_id: str
    username: str
    reason: Literal["left", "kicked"]
    player_count: int
    players: tuple[Player, ...]


class PlayerConnection(ToClient, frozen=True):
    type: ClassVar[str] = "PLAYER_CONNECTION"
    user_id: str
    connected: bool


class ContestStarted(ToClient, frozen=True, kw_only=True):
    type: ClassVar[str] = "CONTEST_STARTED"
    message: str
    total_questions: int
    starts_in_ms: int
    players: tuple[Player, ...]


class AnswerAccepted(ToClient, frozen=True):
    """The answer is kept for good. Whether it was right is told when the question closes."""

    type: ClassVar[str] = "ANSWER_ACCEPTED"
    question_id: str


class AnswerProgress(ToClient, frozen=True):
    type: ClassVar[str] = "ANSWER_PROGRESS"
    question_id: str
    answered: int
    expected: int


class ScoreUpdate(ToClient, frozen=True, kw_only=True, omit_defaults=True):
    """Race: who won the question. Everyone: one message, the leader first, with the best 100 in `scores`."""

    type: ClassVar[str] = "SCORE_UPDATE"
    user_id: str
    username: str
    score: int
    points_earned: int
    scores: tuple[ScoreRow, ...] = ()


class HostChanged(ToClient, frozen=True):
    """`present` false: no host is connected; the game goes on by itself where it would wait for one."""

    type: ClassVar[str] = "HOST_CHANGED"
    present: bool


class GamePaused(ToClient, frozen=True):
    """`reason`: the host paused it, or the server cannot save at the moment and goes on by itself as soon as it can."""

    type: ClassVar[str] = "GAME_PAUSED"
    reason: Literal["host", "storage"]
    message: str


class GameResumed(ToClient, frozen=True):
    """`remaining_ms`: of the open question, or of the wait for the next; null where nothing is timed."""

    type: ClassVar[str] = "GAME_RESUMED"
    remaining_ms: int | None


class GameLocked(ToClient, frozen=True):
    type: ClassVar[str] = "GAME_LOCKED"
    locked: bool


class Error(ToClient, frozen=True):
    """Only to the sender of what was refused; nothing has changed."""

    type: ClassVar[str] = "ERROR"
    code: str
    message: str


class Pong(ToClient, frozen=True):
    type: ClassVar[str] = "PONG"


MESSAGES: tuple[type[ToClient], ...] = (
    GameState,
    PlayerJoined,
    PlayerLeft,
    PlayerConnection,
    ContestStarted,
    NewQuestion,
    AnswerAccepted,
    AnswerProgress,
    AnswerResult,
    ScoreUpdate,
    QuestionClosed,
    GameOver,
    HostChanged,
    GamePaused,
    GameResumed,
    GameLocked,
    Error,
    Pong,
)
