"""A SQLite file behind one connection in one thread, so that the event loop never waits for the disk.

Rule: after an error of the disk nothing is answered from this connection any more. A failed fsync may leave pages that
count as written and are not; they are written anew, from a new connection, before anything else happens.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from momentum.realtime.journal.contract import JournalUnavailable

P = ParamSpec("P")
T = TypeVar("T")

BUSY_TIMEOUT_S = 2.0
HARMLESS = frozenset(
    {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_FULL, sqlite3.SQLITE_ERROR}
)
"""What says nothing against the connection: the transaction is rolled back, and that is all."""


class SqliteFile:
    """`synchronous`: FULL or NORMAL, as in the PRAGMA. Raises sqlite3.Error where the file cannot be opened."""

    def __init__(self, path: Path, synchronous: str) -> None:
        self._path = path
        self._synchronous = synchronous
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._db: sqlite3.Connection | None = self._thread.submit(self._open).result()
        self._closed = False

    async def run(
        self, function: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Do `function` in the thread. Raises JournalUnavailable for whatever SQLite raises."""
        if self._closed:
            raise JournalUnavailable("the journal is closed")
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, lambda: self._do(function, *args, **kwargs))
        except sqlite3.Error as error:
            raise JournalUnavailable(str(error)) from error

    async def close(self) -> None:
        if not self._closed:
            self._closed = True
            await asyncio.get_running_loop().run_in_executor(self._thread, self._drop)
            self._thread.shutdown()

    def _do(self, function: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._db is None:
            self._db = self._open_again()
        try:
            return function(self._db, *args, **kwargs)
        except sqlite3.Error as error:
            if _primary_code(error) not in HARMLESS:
                self._drop()
            raise

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute(f"PRAGMA synchronous={self._synchronous}")
        return db

    def _open_again(self) -> sqlite3.Connection:
        """After an error of the disk: everything in the log goes into the file, and that to the disk."""
        db = self._open()
        try:
            busy, _, _ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:
                raise sqlite3.OperationalError("the file is being read; it is written anew as soon as it is not")
        except sqlite3.Error:
            db.close()
            raise
        return db

    def _drop(self) -> None:
        db, self._db = self._db, None
        if db is not None:
            db.close()


def _primary_code(error: sqlite3.Error) -> int:
    """What the sqlite3 module raises by itself has no code; it is a defect, of which the disk knows nothing."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
