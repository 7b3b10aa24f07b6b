"""A game that is asked for without a contest: what may be said of it, and what is meant where nothing is said."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from momentum.game.settings import INTERMISSION_S, MAX_NAME, MAX_PLAYERS, MAX_QUESTIONS, TIMER_S


class GameWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """POST /api/contests with a login token. Times in seconds; `intermission` null: the host says when to go on."""

    difficulty: Literal["easy", "medium", "hard", "mixed"] = "medium"
    question_count: Annotated[int, Meta(ge=1, le=MAX_QUESTIONS)] = 5
    question_timer: Annotated[int, Meta(ge=TIMER_S[0], le=TIMER_S[1])] = 15
    max_players: Annotated[int, Meta(ge=1, le=MAX_PLAYERS)] = 6
    pace: Literal["race", "everyone"] = "race"
    intermission: Annotated[int, Meta(ge=INTERMISSION_S[0], le=INTERMISSION_S[1])] | None = 4
    host_plays: bool = True
    reveal: Literal["at_close", "immediate"] = "at_close"
    late_join: bool = True
    name: Annotated[str, Meta(min_length=1, max_length=MAX_NAME)] = "Quick game"
