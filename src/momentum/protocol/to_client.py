"""What clients are told: {"type", "payload", "rev", "seq"}. One struct per payload; its `tag` is the message's type.

Times are milliseconds where the name ends in `_ms`, seconds otherwise. `rev` and `seq` are added by `codec`.
"""

from typing import ClassVar, Literal

import msgspec

Role = Literal["player", "host", "screen"]


class Player(msgspec.Struct, frozen=True):
    """Somebody with a seat. `connected`: has a socket now. `score` moves when a question closes."""

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
    """How many have chosen an option."""

    option: str
    count: int


class You(msgspec.Struct, frozen=True):
    """The receiver. `username`: as the game has it, with a number behind it where the name was taken. `seated` false: a
    host who does not play, or a screen. `rank` null before the first closing."""

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
    """A question has opened. `timer`: how long it stays open, in seconds. `options`: in the order to show them.
    `question_id`: the game's own, for SUBMIT_ANSWER. `question_number` counts from 1."""

    type: ClassVar[str] = "NEW_QUESTION"
    question_number: int
    total_questions: int
    question_id: str
    question_text: str
    options: tuple[str, ...]
    timer: int | float
    category: str


class OpenQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """The open question, for somebody who comes (back) in the middle: as in NEW_QUESTION, and what is left of its time.
    `your_answer`: what the receiver has answered. `may_answer`: an answer of the receiver is waited for; false for who
    has answered, who joined after the question opened, and who does not play."""

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
    """A question has closed: the right answer, and the board after it. `scoreboard`: the best 100. `own`: the
    receiver's line, null for who does not play. `player_count`: the length of the whole board. `voided`: the host
    skipped the question or ended the game; its answers earn nothing. `next_in_ms` null: the host says when to go on."""

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
    """The receiver's own result. `time_taken` in seconds. `new_score`: with these points. Told before the close to who
    is wrong in a race, it has no `correct_answer` yet: QUESTION_CLOSED brings it."""

    type: ClassVar[str] = "ANSWER_RESULT"
    question_id: str
    answer: str
    is_correct: bool
    points_awarded: int
    time_taken: float
    new_score: int
    correct_answer: str | None


class QuestionSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A closed question, looked back at."""

    question_number: int
    question_text: str
    options: tuple[str, ...]
    correct_answer: str
    distribution: tuple[OptionCount, ...]
    explanation: str
    voided: bool


class GameOver(ToClient, frozen=True, kw_only=True):
    """The game has ended and its results are saved. `final_scoreboard`: the best 100; `own`: the receiver's line, null
    for who does not play; `player_count`: the length of the whole board. `questions`: those that were asked. `reason`
    expired: the waiting room was not used."""

    type: ClassVar[str] = "GAME_OVER"
    message: str
    reason: Literal["completed", "ended_by_host", "expired"]
    final_scoreboard: tuple[ScoreRow, ...]
    player_count: int
    questions: tuple[QuestionSummary, ...]
    own: ScoreRow | None = None


class GameState(ToClient, frozen=True, kw_only=True):
    """A socket's first message, always whole: everything a page needs to draw itself.

    `question` in phase question, `closed` in phase reveal, `over` in phase over, `starts_in_ms` in phase starting; null
    otherwise. `your_result`: the receiver's ANSWER_RESULT to the question that is open or has just closed, as far as it
    may be told. `question_number`: the latest question opened, 0 before the first. `players`: at most 100 of
    `player_count`. `host_present`: a host is connected. `answered` of `expected` players have answered the open
    question. `incarnation`: another one than before means that the game was restored from a backup and goes on from an
    earlier moment: nothing that was heard before counts. `websocket_urls`: where the game's WebSocket may be reached;
    where one address does not answer, try the next. Empty: only where you are.
    """

    type: ClassVar[str] = "GAME_STATE"
    contest_id: str
    incarnation: str
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
    websocket_urls: tuple[str, ...]


class PlayerJoined(ToClient, frozen=True, kw_only=True):
    """Somebody has taken a seat, or taken it again after leaving. Told one by one up to 100 players; above, one message
    tells of the latest and of the count. `players`: in the order of joining before the game runs, best first after."""

    type: ClassVar[str] = "PLAYER_JOINED"
    user_id: str
    username: str
    is_host: bool
    player_count: int
    players: tuple[Player, ...]


class PlayerLeft(ToClient, frozen=True, kw_only=True):
    """Somebody has left, or was removed by the host. A dropped connection is no leaving."""

    type: ClassVar[str] = "PLAYER_LEFT"
    user_id: str
    username: str
    reason: Literal["left", "kicked"]
    player_count: int
    players: tuple[Player, ...]


class PlayerConnection(ToClient, frozen=True):
    """Somebody with a seat has lost their connection, or is back. Told in games of up to 100 players."""

    type: ClassVar[str] = "PLAYER_CONNECTION"
    user_id: str
    connected: bool


class ContestStarted(ToClient, frozen=True, kw_only=True):
    """The host has started the game. The first question opens in `starts_in_ms`: at once where that is 0."""

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
    """How many of those who are waited for have answered the open question: at most four times a second."""

    type: ClassVar[str] = "ANSWER_PROGRESS"
    question_id: str
    answered: int
    expected: int


class ScoreUpdate(ToClient, frozen=True, kw_only=True, omit_defaults=True):
    """Scores have moved. Race: who won the question, if somebody did. Everyone: the leader, and in `scores` the best
    100; in a race there is no `scores`. `points_earned`: in the question that has just closed."""

    type: ClassVar[str] = "SCORE_UPDATE"
    user_id: str
    username: str
    score: int
    points_earned: int
    scores: tuple[ScoreRow, ...] = ()


class HostChanged(ToClient, frozen=True):
    """A host has connected, or the last one is gone. A game without a host goes on by itself where it would wait for
    one."""

    type: ClassVar[str] = "HOST_CHANGED"
    present: bool


class GamePaused(ToClient, frozen=True):
    """The game's clock stands still. `reason` host: until the host goes on. `reason` storage: the server cannot save at
    the moment; as soon as it can, it closes the socket with 4440, and who comes back finds the game going on."""

    type: ClassVar[str] = "GAME_PAUSED"
    reason: Literal["host", "storage"]
    message: str


class GameResumed(ToClient, frozen=True):
    """The clock runs again. `remaining_ms`: of the open question, or of the wait for the next; null where nothing is
    timed."""

    type: ClassVar[str] = "GAME_RESUMED"
    remaining_ms: int | None


class GameLocked(ToClient, frozen=True):
    """Locked: nobody new gets a seat. Who has one comes and goes."""

    type: ClassVar[str] = "GAME_LOCKED"
    locked: bool


class GameMoved(ToClient, frozen=True):
    """Told instead of GAME_STATE, just before the socket closes with 4443: another node has the game. Come back at
    `websocket_url`, with the same token."""

    type: ClassVar[str] = "GAME_MOVED"
    websocket_url: str


class Error(ToClient, frozen=True):
    """What the receiver has sent was refused, and nothing has changed. `code` is for programs, `message` for people.
    `question_id`: of the answer that was refused; null where it was something else."""

    type: ClassVar[str] = "ERROR"
    code: str
    message: str
    question_id: str | None = None


class Pong(ToClient, frozen=True):
    """The answer to PING."""

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
    GameMoved,
    Error,
    Pong,
)
