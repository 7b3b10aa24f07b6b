"""The site as realtime needs it: Django, loaded when it is first asked for, in threads of its own.

So a realtime process that only goes on with its games starts without Django.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from momentum.protocol.internal import OpenGame
from momentum.realtime.site import Account, AddressUnverified, CannotOpen, GameWish, SiteBusy, TooManyAttempts
from momentum.wiring.django_setup import set_up_django

THREADS = 4
MOST_CALLS = 32
PATIENCE_S = 15.0
T = TypeVar("T")


class DjangoSite:
    """See realtime.site.Site. Of MOST_CALLS calls at once THREADS are worked on and the others wait, all of them
    PATIENCE_S at most; whoever comes then is told to come later."""

    def __init__(self, *, most_calls: int = MOST_CALLS, patience_s: float = PATIENCE_S) -> None:
        self._threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="site")
        self._room = threading.BoundedSemaphore(most_calls)
        self._patience_s = patience_s
        self._loading = threading.Lock()
        self._loaded = False

    async def check_login(self, username: str, password: str, address: str) -> Account | None:
        return await self._call(lambda: _check_login(username, password, address))

    async def make_game(self, host_id: str, wish: GameWish) -> OpenGame:
        return await self._call(lambda: _make_game(host_id, wish))

    async def _call(self, function: Callable[[], T]) -> T:
        if not self._room.acquire(blocking=False):
            raise SiteBusy
        work = self._threads.submit(self._with_django, function)
        work.add_done_callback(self._make_room)  # when it is done, not when nobody waits for it any more
        try:
            async with asyncio.timeout(self._patience_s):
                return await asyncio.wrap_future(work)
        except TimeoutError:
            raise SiteBusy from None

    def _make_room(self, _work: Future[T]) -> None:
        self._room.release()

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
    from momentum.web.accounts import queries

    try:
        user = queries.check_credentials(username, password, address)
    except queries.LoginLimited:
        raise TooManyAttempts from None
    except queries.AddressUnverified:
        raise AddressUnverified from None
    return None if user is None else Account(str(user.pk), user.username)


def _make_game(host_id: str, wish: GameWish) -> OpenGame:
    from momentum.web.accounts.models import User
    from momentum.web.contests.actions import open_private_contest
    from momentum.web.refusals import Refusal

    try:
        return open_private_contest(host_id=host_id, wish=wish)
    except Refusal as refusal:
        raise CannotOpen(refusal.error, str(refusal)) from None
    except User.DoesNotExist:
        raise CannotOpen("no_such_account", "This account is no longer active.") from None
