"""What decide() answers."""

from dataclasses import dataclass
from typing import Literal

from momentum.game.events import AnswerGiven, Event

RejectionCode = Literal[
    "already_started",
    "bad_name",
    "bad_token",
    "cannot_start",
    "full",
    "game_over",
    "kicked",
    "locked",
    "no_such_option",
    "no_such_player",
    "not_allowed",
    "not_eligible",
    "not_host",
    "not_now",
    "not_open",
    "not_seated",
    "paused",
    "server_error",
    "too_late",
    "wrong_question",
]


@dataclass(frozen=True, slots=True)
class Rejection:
    """Nothing changes; the sender is told `code` and `message`."""

    code: RejectionCode
    message: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """This seat has answered this question before; the first answer stands."""

    answer: AnswerGiven


Outcome = list[Event] | Rejection | Recorded
