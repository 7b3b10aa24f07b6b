"""Connections to PostgreSQL that the journal opens and keeps for itself, so that no page of the site can take them.

Rule: after any failure a connection is thrown away, and the next call opens another one at once. (The pool of psycopg
waits longer and longer between its attempts; games are to go on within 3 s after the database is back.)
"""

import asyncio
import contextlib
import os
import select
import socket
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from momentum.realtime.journal.contract import JournalUnavailable, NotDurable

T = TypeVar("T")
Connection = psycopg.AsyncConnection[tuple[Any, ...]]

STATEMENT_S = 2
DEADLINE_S = 3.0
"""Of a whole call, with a connection that may have to be opened first. The server's own limits come before it; it is
for a server that does not answer at all."""
LONG_STATEMENT_S = 10
LONG_DEADLINE_S = 11.0
"""Where a whole game is read or dropped."""

SESSION = {
    "synchronous_commit": "on",
    "lock_timeout": "500ms",
    "idle_in_transaction_session_timeout": "2s",
    "tcp_user_timeout": "2s",
}
ADVICE = {
    "fsync": "set fsync = on in postgresql.conf and restart PostgreSQL",
    "full_page_writes": "set full_page_writes = on in postgresql.conf and reload PostgreSQL",
    "synchronous_commit": "connect to PostgreSQL itself, not through a pooler that drops settings of a session",
}


class StatementRefused(JournalUnavailable):
    """The values contradict the tables, or cannot be kept in them. The statement is undone, the connection is fine."""


class Links:
    """`count` connections; who finds none free waits, at most DEADLINE_S. `statement_s`: the server's own limit."""

    def __init__(self, url: str, name: str, *, count: int = 1, statement_s: int = STATEMENT_S) -> None:
        self._links = [_Link(_conninfo(url, name, statement_s)) for _ in range(count)]
        self._free: asyncio.LifoQueue[_Link] = asyncio.LifoQueue()
        for link in self._links:
            self._free.put_nowait(link)

    async def run(self, work: Callable[[Connection], Awaitable[T]], deadline_s: float = DEADLINE_S) -> T:
        """Do `work` with a connection in autocommit. Raises StatementRefused; for anything else JournalUnavailable, and
        what was under way may be kept then, or not."""
        try:
            async with asyncio.timeout(DEADLINE_S):
                link = await self._free.get()
        except TimeoutError:
            raise JournalUnavailable("too many calls wait for the database") from None
        try:
            return await link.run(work, deadline_s)
        finally:
            self._free.put_nowait(link)

    async def close(self) -> None:
        for link in self._links:
            await link.close()


class _Link:
    """One connection, for one call at a time."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._connection: Connection | None = None
        self._closed = False

    async def run(self, work: Callable[[Connection], Awaitable[T]], deadline_s: float) -> T:
        """The work is a task of its own, and never cancelled with an open connection: psycopg would wait for the server
        to confirm that."""
        task = asyncio.get_running_loop().create_task(self._do(work))
        try:
            await asyncio.wait([task], timeout=deadline_s)
        finally:
            in_time = task.done()
            if not in_time:
                await self._cut(task)
        if not in_time:
            raise JournalUnavailable("the database did not answer in time")
        return task.result()

    async def close(self) -> None:
        self._closed = True
        await self._drop()

    async def _do(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        try:
            if self._connection is not None and _has_news(self._connection):
                await self._drop()
            return await work(self._connection or await self._open())
        except (psycopg.IntegrityError, psycopg.DataError) as error:
            raise StatementRefused(str(error)) from error
        except (psycopg.Error, OSError) as error:
            await self._drop()
            raise JournalUnavailable(str(error).strip() or repr(error)) from error

    async def _open(self) -> Connection:
        if self._closed:
            raise JournalUnavailable("the journal is closed")
        connection = await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True, prepare_threshold=0)
        self._connection = connection
        try:
            await _refuse_forgetful(connection)
        except NotDurable:
            await self._drop()
            raise
        return connection

    async def _cut(self, task: asyncio.Task[Any]) -> None:
        """Let the task fail now, as if the server had closed the connection."""
        if self._connection is None or self._connection.closed:
            task.cancel()
        else:
            with contextlib.suppress(OSError), socket.socket(fileno=os.dup(self._connection.fileno())) as line:
                line.shutdown(socket.SHUT_RDWR)
        await asyncio.gather(task, return_exceptions=True)

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()


def _has_news(connection: Connection) -> bool:
    """A server that says something unasked says good-bye. Nothing was sent, so that nothing is in doubt."""
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


async def _refuse_forgetful(connection: Connection) -> None:
    settings = ", ".join(f"current_setting('{name}')" for name in ADVICE)
    row = await (await connection.execute(f"SELECT {settings}")).fetchone()
    assert row is not None
    for (name, advice), value in zip(ADVICE.items(), row, strict=True):
        if value != "on":
            raise NotDurable(f"PostgreSQL may lose what it has confirmed ({name} is {value}): {advice}.")


def _conninfo(url: str, name: str, statement_s: int) -> str:
    session = SESSION | {"statement_timeout": f"{statement_s}s"}
    options = [str(conninfo_to_dict(url).get("options") or ""), *(f"-c {key}={session[key]}" for key in session)]
    return make_conninfo(
        url,
        application_name=name,
        connect_timeout=2,
        tcp_user_timeout=2_000,
        options=" ".join(filter(None, options)),
    )
