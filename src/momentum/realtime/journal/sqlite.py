"""The journal in a SQLite file of its own, which only this process writes.

One connection in one thread: the event loop never waits for the disk. Tables are made by the site's migrations.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar

import msgspec

from momentum.game.events import VERSION, AnyEvent
from momentum.protocol.internal import Access
from momentum.realtime.journal.contract import Entry, GameRow, JournalUnavailable, Slice, Taken, Verdict
from momentum.realtime.results import AnswerRow, PlayerRow, QuestionRow, Results

P = ParamSpec("P")
T = TypeVar("T")

BUSY_TIMEOUT_S = 2.0
SYNCHRONOUS = {"power": "FULL", "process": "NORMAL"}

_encode = msgspec.json.Encoder().encode
_decode_event: Callable[[str], AnyEvent] = msgspec.json.Decoder(AnyEvent).decode

ENTRY_COLUMNS = "game_id, seq, epoch, version, kind, number, user_id, at_ms, mono_ms, body"
INSERT_ENTRY = f"INSERT INTO journal ({ENTRY_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)"


class SqliteJournal:
    """See journal.contract. `durability`: "power" commits to the disk, "process" to the operating system."""

    def __init__(self, path: Path, durability: Literal["power", "process"]) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._db = self._thread.submit(_open, path, durability).result()
        self._closed = False

    async def create(self, game: GameRow, node: str, entries: tuple[Entry, ...]) -> bool:
        return await self._run(_create, game, node, entries)

    async def append(self, slices: list[Slice]) -> dict[str, Verdict]:
        return await self._run(_append, slices)

    async def take(self, game_id: str, node: str) -> Taken | None:
        return await self._run(_take, game_id, node)

    async def open_games(self) -> list[str]:
        return await self._run(_open_games)

    async def read(self, game_id: str) -> tuple[Entry, ...]:
        return await self._run(_read, game_id)

    async def access(self, game_id: str) -> Access | None:
        return await self._run(_access, game_id)

    async def beat(self, node: str, address: str, mono_ms: int) -> None:
        await self._run(_beat, node, address, mono_ms)

    async def forget_other_nodes(self, node: str) -> None:
        await self._run(_forget_other_nodes, node)

    async def close(self) -> None:
        if self._closed:
            return
        await self._run(sqlite3.Connection.close)
        self._closed = True
        self._thread.shutdown()

    async def _run(
        self, function: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        if self._closed:
            raise JournalUnavailable("the journal is closed")
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, lambda: function(self._db, *args, **kwargs))
        except sqlite3.Error as error:
            raise JournalUnavailable(str(error)) from error


def _open(path: Path, durability: str) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute(f"PRAGMA synchronous={SYNCHRONOUS[durability]}")
    return db


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _create(db: sqlite3.Connection, game: GameRow, node: str, entries: tuple[Entry, ...]) -> bool:
    with _transaction(db):
        made = db.execute(
            "INSERT INTO game (id, source_contest_id, name, access, epoch, node_id, created_ms) VALUES (?,?,?,?,1,?,?)"
            " ON CONFLICT (id) DO NOTHING",
            (game.id, game.source_contest_id, game.name, game.access, node, game.created_ms),
        ).rowcount
        if made:
            db.executemany(INSERT_ENTRY, _entry_rows(game.id, 1, entries))
    return bool(made)


def _append(db: sqlite3.Connection, slices: list[Slice]) -> dict[str, Verdict]:
    try:
        return _append_together(db, slices)
    except sqlite3.IntegrityError:
        if len(slices) == 1:
            return {slices[0].game_id: "refused"}
    verdicts: dict[str, Verdict] = {}
    for one in slices:
        verdicts |= _append(db, [one])
    return verdicts


def _append_together(db: sqlite3.Connection, slices: list[Slice]) -> dict[str, Verdict]:
    verdicts: dict[str, Verdict] = {}
    with _transaction(db):
        for one in slices:
            if _owned(db, one):
                _keep(db, one)
                verdicts[one.game_id] = "kept"
            else:
                verdicts[one.game_id] = "fenced"
    return verdicts


def _owned(db: sqlite3.Connection, one: Slice) -> bool:
    found = db.execute(
        "SELECT 1 FROM game WHERE id = ? AND epoch = ? AND ended_ms IS NULL", (one.game_id, one.epoch)
    ).fetchone()
    return found is not None


def _keep(db: sqlite3.Connection, one: Slice) -> None:
    db.executemany(INSERT_ENTRY, _entry_rows(one.game_id, one.epoch, one.entries))
    if one.results is not None:
        _keep_results(db, one.game_id, one.results)


def _entry_rows(game_id: str, epoch: int, entries: tuple[Entry, ...]) -> Iterator[tuple[Any, ...]]:
    for seq, event, mono_ms in ((entry.seq, entry.event, entry.mono_ms) for entry in entries):
        number, user_id = getattr(event, "number", None), getattr(event, "user_id", None)
        body = _encode(event).decode()
        kind = event.__struct_config__.tag
        yield game_id, seq, epoch, VERSION, kind, number, user_id, event.at, mono_ms, body


def _keep_results(db: sqlite3.Connection, game_id: str, results: Results) -> None:
    db.execute("UPDATE game SET ended_ms = ? WHERE id = ?", (results.ended_ms, game_id))
    contest = {"source_contest_id": results.source_contest_id}
    _insert(db, "player_result", PlayerRow, results.players, game_id=game_id, **contest)
    _insert(db, "question_result", QuestionRow, results.questions, game_id=game_id)
    _insert(db, "answer_result", AnswerRow, results.answers, game_id=game_id)


def _insert(
    db: sqlite3.Connection, table: str, kind: type[msgspec.Struct], rows: Sequence[msgspec.Struct], **common: str
) -> None:
    """Rows of `kind`, whose fields are named as the table's columns; `common` has the columns that all share."""
    columns = (*common, *kind.__struct_fields__)
    sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    shared = tuple(common.values())
    db.executemany(sql, ((*shared, *map(_column, msgspec.structs.astuple(row))) for row in rows))


def _column(value: Any) -> Any:
    return _encode(value).decode() if isinstance(value, tuple) else value


def _take(db: sqlite3.Connection, game_id: str, node: str) -> Taken | None:
    with _transaction(db):
        row = db.execute(
            "UPDATE game SET epoch = epoch + 1, node_id = ? WHERE id = ? AND ended_ms IS NULL RETURNING epoch, access",
            (node, game_id),
        ).fetchone()
        if row is None:
            return None
        return Taken(epoch=row[0], access=row[1], entries=_read(db, game_id), beat_ms=_beat_of_writer(db, game_id))


def _beat_of_writer(db: sqlite3.Connection, game_id: str) -> int | None:
    """The last heartbeat of the node that took the game last and wrote all entries since."""
    row = db.execute(
        "SELECT node.mono_ms FROM journal JOIN node ON node.id = json_extract(journal.body, '$.node')"
        " WHERE game_id = ? AND kind = 'game_taken' ORDER BY seq DESC LIMIT 1",
        (game_id,),
    ).fetchone()
    return row[0] if row else None


def _open_games(db: sqlite3.Connection) -> list[str]:
    return [row[0] for row in db.execute("SELECT id FROM game WHERE ended_ms IS NULL ORDER BY created_ms")]


def _read(db: sqlite3.Connection, game_id: str) -> tuple[Entry, ...]:
    rows = db.execute("SELECT seq, body, mono_ms FROM journal WHERE game_id = ? ORDER BY seq", (game_id,))
    return tuple(Entry(seq, _decode_event(body), mono_ms) for seq, body, mono_ms in rows)


def _access(db: sqlite3.Connection, game_id: str) -> Access | None:
    row = db.execute("SELECT access FROM game WHERE id = ?", (game_id,)).fetchone()
    return row[0] if row else None


def _beat(db: sqlite3.Connection, node: str, address: str, mono_ms: int) -> None:
    db.execute(
        "INSERT INTO node (id, address, beat, mono_ms) VALUES (?, ?, 1, ?)"
        " ON CONFLICT (id) DO UPDATE SET beat = beat + 1, mono_ms = excluded.mono_ms",
        (node, address, mono_ms),
    )


def _forget_other_nodes(db: sqlite3.Connection, node: str) -> None:
    db.execute("DELETE FROM node WHERE id <> ?", (node,))
