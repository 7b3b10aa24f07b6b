"""What has happened in a game: facts with their results in them.

Every event has `at`, in milliseconds of the game's clock. Numbers are integers; texts are as the players saw them.
Replaying an old journal needs no old scoring code, because points, correctness and times are recorded, not derived.
"""

from typing import Literal

import msgspec

from momentum.game.settings import Host, Question, Settings

VERSION = 1
"""The version of these events, written beside each journal entry."""

CloseReason = Literal["answered", "deadline", "won", "skipped", "ended"]
EndReason = Literal["completed", "ended_by_host", "expired"]
LeaveReason = Literal["left", "kicked"]


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", forbid_unknown_fields=True, gc=False):
    at: int


class GameCreated(Event, frozen=True, kw_only=True, tag="game_created"):
    game_id: str
    source_contest_id: str
    name: str
    settings: Settings
    hosts: tuple[Host, ...]
    questions: tuple[Question, ...]
    seed: int


class PlayerJoined(Event, frozen=True, kw_only=True, tag="player_joined"):
    """A new seat, or the return of one that had left."""

    user_id: str
    username: str
    is_host: bool = False


class PlayerLeft(Event, frozen=True, kw_only=True, tag="player_left"):
    user_id: str
    username: str
    reason: LeaveReason


class SeatRekeyed(Event, frozen=True, kw_only=True, tag="seat_rekeyed"):
    """Resume tokens of an older generation no longer admit."""

    user_id: str
    generation: int


class GameLocked(Event, frozen=True, kw_only=True, tag="game_locked"):
    locked: bool


class GameStarted(Event, frozen=True, kw_only=True, tag="game_started"):
    first_question_at: int


class QuestionOpened(Event, frozen=True, kw_only=True, tag="question_opened"):
    number: int
    deadline: int


class AnswerGiven(Event, frozen=True, kw_only=True, tag="answer_given"):
    """`t_ms` is the time the player took, `credit_ms` what was taken off it for the network."""

    number: int
    user_id: str
    choice: int
    correct: bool
    points: int
    t_ms: int
    credit_ms: int


class QuestionClosed(Event, frozen=True, kw_only=True, tag="question_closed"):
    """`voided`: its answers earn nothing. `next_at`: when the intermission ends, None while the host decides."""

    number: int
    reason: CloseReason
    voided: bool = False
    next_at: int | None = None


class GamePaused(Event, frozen=True, kw_only=True, tag="game_paused"):
    """The game's clock stands still until GameResumed."""


class GameResumed(Event, frozen=True, kw_only=True, tag="game_resumed"):
    pass


class GameTaken(Event, frozen=True, kw_only=True, tag="game_taken"):
    """A node has become the game's only writer. The clock stood still since the writer before it."""

    epoch: int
    node: str


class GameEnded(Event, frozen=True, kw_only=True, tag="game_ended"):
    reason: EndReason


AnyEvent = (
    GameCreated
    | PlayerJoined
    | PlayerLeft
    | SeatRekeyed
    | GameLocked
    | GameStarted
    | QuestionOpened
    | AnswerGiven
    | QuestionClosed
    | GamePaused
    | GameResumed
    | GameTaken
    | GameEnded
)
