"""The bodies of the calls on the way into a game."""

from typing import Literal
from uuid import UUID

from momentum.protocol.wish import GameWish
from momentum.web.api.schemas import Answer, Request
from momentum.web.contests import fields

MEANT = GameWish()
"""What is meant where nothing is said."""


class OpenRequest(Request):
    """With `contestId`, the contest's own settings hold. Without, `difficulty` and `questionCount` are needed, and the
    rest has the defaults of realtime: a race for 6, the host among them."""

    contest_id: fields.Id | None = None
    name: fields.Title = MEANT.name
    difficulty: fields.Difficulty = MEANT.difficulty
    question_count: fields.QuestionCount = MEANT.question_count
    question_timer: fields.Timer = MEANT.question_timer
    max_players: fields.Seats = MEANT.max_players
    pace: fields.Pace = MEANT.pace
    intermission: fields.Intermission = MEANT.intermission or "host"
    host_plays: bool = MEANT.host_plays
    reveal: fields.Reveal = MEANT.reveal
    late_join: bool = MEANT.late_join


class OpenAnswer(Answer):
    """`contestId` is the game's id, as on realtime's wire. The snake_case names say the same."""

    contest_id: UUID
    websocket_url: str
    pin: str


class TokenRequest(Request):
    """`contestId`: the game's id."""

    contest_id: fields.Id


class TokenAnswer(Answer):
    token: str
    websocket_url: str
    user_id: str
    username: str
    role: Literal["player", "host", "screen"]


class LoginTokenAnswer(Answer):
    token: str
    user_id: str
    username: str


class JoinRequest(Request):
    """`username` may be left out by who is signed in: accounts play under their own name."""

    pin: str
    username: str | None = None


class JoinAnswer(Answer):
    """`contestId`: the game's id; where `contestType` is played alone, the contest's, and there is no `token`."""

    token: str | None
    websocket_url: str | None
    contest_id: UUID
    user_id: str
    username: str
    contest_type: str
