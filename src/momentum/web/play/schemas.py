"""The bodies of the calls on the way into a game."""

from typing import Literal
from uuid import UUID

from momentum.web.api.schemas import Answer, Request
from momentum.web.contests import fields


class OpenRequest(Request):
    """With `contestId`, the contest's own settings hold. Without, `difficulty` and `questionCount` are needed, and the
    rest has the defaults of realtime: a race for 6, the host among them."""

    contest_id: fields.Id | None = None
    name: fields.Title = "Quick game"
    difficulty: fields.Difficulty = "mixed"
    question_count: fields.QuestionCount = 10
    question_timer: fields.Timer = 15
    max_players: fields.Seats = 6
    pace: fields.Pace = "race"
    intermission: fields.Intermission = 4
    host_plays: bool = True
    reveal: fields.Reveal = "at_close"
    late_join: bool = True


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
    token: str
    websocket_url: str
    contest_id: UUID
    user_id: str
    username: str
