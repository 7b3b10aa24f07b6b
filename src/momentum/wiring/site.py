"""The site as realtime needs it: Django, loaded when it is first asked for, in threads of its own.

So a realtime process that only goes on with its games starts without Django.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import msgspec

from momentum.protocol.internal import OpenGame
from momentum.realtime.site import Account, CannotOpen, GameWish, TooManyAttempts
from momentum.wiring.django_setup import set_up_django

T = TypeVar("T")


class DjangoSite:
    """See realtime.site.Site."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="site")
        self._loading = threading.Lock()
        self._loaded = False

    async def check_login(self, username: str, password: str, address: str) -> Account | None:
        return await self._call(lambda: _check_login(username, password, address))

    async def make_game(self, host_id: str, wish: GameWish) -> OpenGame:
        return await self._call(lambda: _make_game(host_id, wish))

    async def _call(self, function: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._with_django, function)

    def _with_django(self, function: Callable[[], T]) -> T:
        with self._loading:
            if not self._loaded:
                set_up_django()
                self._loaded = True
        from django.db import close_old_connections

        try:
            return function()
        finally:
            close_old_connections()


def _check_login(username: str, password: str, address: str) -> Account | None:
    from momentum.web.accounts.queries import LoginLimited, check_credentials

    try:
        user = check_credentials(username, password, address)
    except LoginLimited:
        raise TooManyAttempts from None
    return None if user is None else Account(str(user.pk), user.username)


def _make_game(host_id: str, wish: GameWish) -> OpenGame:
    from momentum.web.accounts.models import User
    from momentum.web.contests.actions import open_private_contest
    from momentum.web.refusals import Refusal

    try:
        return open_private_contest(host_id=host_id, **msgspec.structs.asdict(wish))
    except Refusal as refusal:
        raise CannotOpen(refusal.error, str(refusal)) from None
    except User.DoesNotExist:
        raise CannotOpen("no_such_account", "This account is no longer active.") from None
