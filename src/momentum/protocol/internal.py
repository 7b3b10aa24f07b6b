"""What the site asks of realtime over HTTP, under an internal token."""

from typing import Literal

import msgspec

from momentum.game.settings import Host, Settings

Access = Literal["anyone", "accounts", "invited"]
"""Whom a game takes besides its hosts. invited: a ticket of the site is needed; a login token alone does not admit."""


class SourceQuestion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question of the bank as it is now; the game shuffles its own copy. `answer` is one of `options`."""

    bank_id: str
    category: str
    difficulty: str
    text: str
    options: tuple[str, ...]
    answer: str
    explanation: str = ""


class OpenGame(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """POST /api/contests: open the game `contest_id`, or find it open. Saying it twice changes nothing.

    `source_contest_id`: the organiser's contest that the results belong to. `access`: who may play.
    """

    contest_id: str
    source_contest_id: str
    name: str
    hosts: tuple[Host, ...]
    access: Access
    settings: Settings
    questions: tuple[SourceQuestion, ...]


class OpenedGame(msgspec.Struct, frozen=True, kw_only=True):
    """The answer: 201 when made, 200 when it was there. `websocket_url` is a path."""

    contest_id: str
    websocket_url: str
    phase: str


class Revocation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """POST /internal/revocations: close the user's sockets and void their resume tokens."""

    user_id: str


class EndedGame(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to POST /internal/games/{id}/end."""

    contest_id: str
    phase: str
