"""A real node on a free port, for tests that speak to it as the world does."""

import asyncio
import dataclasses
import os
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from momentum.environment import Environment
from momentum.protocol.internal import OpenGame
from momentum.protocol.tickets import Keys, mint_internal, mint_login, mint_ticket
from momentum.protocol.to_client import Role
from momentum.realtime.limits import Limits
from momentum.realtime.site import Account, CannotOpen, GameWish, TooManyAttempts
from momentum.wiring import realtime
from momentum.wiring.realtime import RealtimeNode

from .fakes import Message
from .games import GAME, RIGHT, wanted
from .raw import Raw, text

SECRET = "a secret of these tests, of more than 32 bytes"
PASSWORD = "correct horse battery"
SITE_ORIGIN = "http://quiz.test:3000"


def environment(data_dir: Path, **more: str) -> Environment:
    """Of an installation whose site is at SITE_ORIGIN, on whatever port is free."""
    variables = {
        "MOMENTUM_ENV_FILE": "",
        "MOMENTUM_DATA_DIR": str(data_dir),
        "BIND_HOST": "127.0.0.1",
        "JWT_SECRET": SECRET,
        "SECRET_KEY": "another secret of these tests, as long",
        "ALLOWED_ORIGINS": SITE_ORIGIN,
        "DURABILITY": "process",
    }
    return dataclasses.replace(Environment.read(variables | more), realtime_port=0)


class FakeSite:
    """Alice has an account. `logins`: who tried to log in, from where."""

    def __init__(self) -> None:
        self.logins: list[tuple[str, str]] = []
        self.wishes: list[GameWish] = []
        self.refuses: Exception | None = None

    async def check_login(self, username: str, password: str, address: str) -> Account | None:
        self.logins.append((username, address))
        if len(self.logins) > 5:
            raise TooManyAttempts
        return Account("alice", "Alice") if (username, password) == ("Alice", PASSWORD) else None

    async def make_game(self, host_id: str, wish: GameWish) -> OpenGame:
        self.wishes.append(wish)
        game_id = f"5f1c6c1e-0000-4000-8000-{len(self.wishes):012}"
        await asyncio.sleep(0.01)
        if wish.name == "none":
            raise CannotOpen("too_few_questions", "There are too few questions. Choose another difficulty.")
        if self.refuses is not None:
            raise self.refuses
        return wanted(
            game_id, questions=wish.question_count, hosts=(host_id,), pace=wish.pace, host_plays=wish.host_plays
        )


class Running:
    """A node and what tests ask of it. `secrets`: what must appear in no log, such as every token made here."""

    def __init__(self, node: RealtimeNode, site: FakeSite, http: aiohttp.ClientSession) -> None:
        self.node = node
        self.site = site
        self.http = http
        self.keys = Keys((SECRET,))
        self.secrets: list[str] = [SECRET, PASSWORD, RIGHT]
        self._stopped = False

    async def stop(self) -> None:
        """As SIGTERM does."""
        if not self._stopped:
            self._stopped = True
            await self.node.stop()

    @property
    def port(self) -> int:
        return self.node.port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _at(self) -> int:
        return self.node.manager._timing.unix_ms() // 1000

    def _made(self, token: str) -> str:
        self.secrets.append(token)
        return token

    def ticket(self, user_id: str, role: Role = "player", game_id: str = GAME) -> str:
        token = mint_ticket(self.keys, sub=user_id, username=user_id.title(), game_id=game_id, role=role, at=self._at())
        return self._made(token)

    def login(self, user_id: str = "alice") -> str:
        return self._made(mint_login(self.keys, sub=user_id, username=user_id.title(), at=self._at()))

    def internal(self) -> str:
        return self._made(mint_internal(self.keys, at=self._at()))

    async def open(self, game_id: str = GAME, **changes: Any) -> None:
        await self.node.manager.open(wanted(game_id, **changes))

    def raw(self) -> Raw:
        return Raw(self.port)

    async def enter(self, raw: Raw, user_id: str, role: Role = "player", game_id: str = GAME) -> Message:
        """Come in as our own pages do; the GAME_STATE."""
        await raw.upgrade(f"/ws/contests/{game_id}")
        raw.send(text(type="AUTHENTICATE", token=self.ticket(user_id, role, game_id)))
        state = await raw.until("GAME_STATE")
        self.secrets.append(state["resume_token"])
        return state


@asynccontextmanager
async def running(settings: Environment, limits: Limits | None = None) -> AsyncIterator[Running]:
    """A node that is stopped at the end, unless the test has done that. `limits`: instead of the usual ones."""
    site = FakeSite()
    with pytest.MonkeyPatch.context() as patch:
        if limits is not None:
            patch.setattr(realtime, "_limits", lambda _: limits)
        node = await RealtimeNode.start(settings, site)
    async with aiohttp.ClientSession() as http:
        one = Running(node, site, http)
        yield one
    await one.stop()


@asynccontextmanager
async def two_running(
    folder: Path, database_url: str, *, sent_on: bool = True
) -> AsyncIterator[tuple[Running, Running]]:
    """Two nodes of one installation that have heard of each other. `sent_on`: each has an address for browsers."""
    async with AsyncExitStack() as both:
        one, two = [
            await both.enter_async_context(running(_node(folder / name, database_url, sent_on=sent_on)))
            for name in ("one", "two")
        ]
        async with asyncio.timeout(10):
            while len(one.node.manager.ownership.nodes) < 2:  # noqa: ASYNC110 (nothing says when)
                await asyncio.sleep(0.01)
        yield one, two


def _node(data_dir: Path, database_url: str, *, sent_on: bool) -> Environment:
    data_dir.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = {"NODE_URL": f"http://127.0.0.1:{port}"} if sent_on else {}
    return dataclasses.replace(environment(data_dir, DATABASE_URL=database_url, **url), realtime_port=port)


def open_sockets() -> int:
    """How many sockets this process has open."""
    fds = Path("/proc/self/fd")
    return sum(os.readlink(fd).startswith("socket:") for fd in fds.iterdir() if fd.exists() or fd.is_symlink())


class Watchman:
    """Notes what must not happen: exceptions nobody handled, tasks and sockets left behind, secrets in logs."""

    def __init__(self) -> None:
        self.trouble: list[dict[str, Any]] = []
        self._sockets = open_sockets()
        asyncio.get_running_loop().set_exception_handler(lambda _, context: self.trouble.append(context))

    async def check(self, logs: list[Any], secrets: list[str]) -> None:
        for _ in range(100):
            if open_sockets() <= self._sockets and not _other_tasks():
                break
            await asyncio.sleep(0.01)
        assert not _other_tasks(), "a task is left"
        assert open_sockets() <= self._sockets, "a socket is left"
        assert self.trouble == [], "an exception that nobody handled"
        written = repr(logs)
        assert [secret for secret in secrets if secret in written] == [], "a secret in a log"


def _other_tasks() -> set[asyncio.Task[Any]]:
    return {task for task in asyncio.all_tasks() if task is not asyncio.current_task()}
