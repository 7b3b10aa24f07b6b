"""What is fixed when a game is created: its settings, hosts and questions."""

from typing import Literal

import msgspec

MAX_QUESTIONS = 50
MAX_PLAYERS = 10_000
MAX_NAME = 80
"""Of a game, in code points."""
TIMER_S = (5, 300)
INTERMISSION_S = (1, 60)
"""Least and most that an organiser may set; a game itself would run with any."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a game runs. Times in milliseconds; `intermission_ms` None: the host says when to go on."""

    pace: Literal["race", "everyone"] = "race"
    timer_ms: int = 15_000
    intermission_ms: int | None = 4_000
    countdown_ms: int = 0
    max_players: int = 6
    host_plays: bool = True
    reveal: Literal["at_close", "immediate"] = "at_close"
    late_join: bool = True


class Host(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    user_id: str
    username: str


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question as this game asks it: `id` is the game's own, `options` are shuffled, `correct` is an index."""

    id: str
    bank_id: str
    category: str
    difficulty: str
    text: str
    options: tuple[str, ...]
    correct: int
    explanation: str = ""
