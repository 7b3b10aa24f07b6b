"""What realtime needs of the site. The contracts stand here; what fulfils them is handed in."""

from typing import Literal, Protocol

import msgspec

from momentum.protocol.internal import OpenGame


class Account(msgspec.Struct, frozen=True):
    user_id: str
    username: str


class TooManyAttempts(Exception):
    """Too many failed logins for this account or from this address."""


class AddressUnverified(Exception):
    """The password is right, but the account's e-mail address must be confirmed first."""


class SiteBusy(Exception):
    """The site has too much to do, or takes too long; whether the call had its effect is unknown. Try again later."""


class CannotOpen(Exception):
    """The site cannot make this game; the message says what to change."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class GameWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """POST /api/contests with a login token. Times in seconds; `intermission` null: the host says when to go on."""

    difficulty: Literal["easy", "medium", "hard", "mixed"] = "medium"
    question_count: int = 5
    question_timer: int = 15
    max_players: int = 6
    pace: Literal["race", "everyone"] = "race"
    intermission: int | None = 4
    host_plays: bool = True
    reveal: Literal["at_close", "immediate"] = "at_close"
    late_join: bool = True
    name: str = "Quick game"


class Site(Protocol):
    """Every call may raise SiteBusy."""

    async def check_login(self, username: str, password: str, address: str) -> Account | None:
        """The account whose password this is, under the site's own attempt limits.

        Raises TooManyAttempts, AddressUnverified.
        """
        ...

    async def make_game(self, host_id: str, wish: GameWish) -> OpenGame:
        """A private contest with questions drawn from the bank, so that the results have a home. Raises CannotOpen."""
        ...
