"""What realtime needs of the site. The contracts stand here; what fulfils them is handed in."""

from typing import Protocol

import msgspec

from momentum.protocol.internal import OpenGame
from momentum.protocol.wish import GameWish

__all__ = ["Account", "AddressUnverified", "CannotOpen", "GameWish", "Site", "SiteBusy", "TooManyAttempts"]


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
