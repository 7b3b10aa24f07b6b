"""The journal in a SQLite file of its own, which only this process writes. The site's migrations make its tables."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import msgspec

from momentum.realtime.journal import rows
from momentum.realtime.journal.contract import (
    Entry,
    GameRow,
    Heartbeat,
    Node,
    Slice,
    Snapshot,
    Taken,
    Verdict,
    Whereabouts,
)
from momentum.realtime.journal.sqlite_file import SqliteFile, transaction
from momentum.realtime.snapshots import FORM

SYNCHRONOUS = {"power": "FULL", "process": "NORMAL"}

_encode = msgspec.json.Encoder().encode


class SqliteJournal:
    """See journal.contract. `durability`: "power" commits to the disk, "process" to the operating system."""

    def __init__(self, path: Path, durability: Literal["power", "process"]) -> None:
        self._file = SqliteFile(path, SYNCHRONOUS[durability])

    async def create(self, game: GameRow, node: str, entries: tuple[Entry, ...]) -> bool:
        return await self._file.run(_create, game, node, entries)

    async def append(self, slices: list[Slice]) -> dict[str, Verdict]:
        return await self._file.run(_append, slices)

    async def take(self, game_id: str, node: str, *, owner: str | None = None) -> Taken | None:
        return await self._file.run(_take, game_id, node, owner)

    async def hand_over(self, game_ids: list[str], node: str) -> None:
        await self._file.run(_hand_over, game_ids, node)

    async def open_games(self, *, owner: str | None = None) -> list[Whereabouts]:
        return await self._file.run(_open_games, owner)

    async def find(self, game_id: str) -> Whereabouts | None:
        return await self._file.run(_find, game_id)

    async def read(self, game_id: str) -> tuple[Entry, ...]:
        return await self._file.run(_read, game_id)

    async def beat(self, node: Node, mono_ms: int) -> list[Heartbeat]:
        return await self._file.run(_beat, node, mono_ms)

    async def forget(self, node_id: str) -> None:
        await self._file.run(_forget, node_id)

    async def prune(self, ended_before_ms: int, limit: int) -> int:
        return await self._file.run(_prune, ended_before_ms, limit)

    async def close(self) -> None:
        await self._file.close()


def _create(db: sqlite3.Connection, game: GameRow, node: str, entries: tuple[Entry, ...]) -> bool:
    with transaction(db):
        made = db.execute(
            "INSERT INTO game (id, source_contest_id, name, access, incarnation, created_ms, epoch, node_id,"
            " heard_epoch, pruned) VALUES (?,?,?,?,?,?,1,?,0,0) ON CONFLICT (id) DO NOTHING",
            (*msgspec.structs.astuple(game), node),
        ).rowcount
        if made:
            _insert(db, rows.JOURNAL, rows.entry_rows(game.id, 1, entries))
    return bool(made)


def _append(db: sqlite3.Connection, slices: list[Slice]) -> dict[str, Verdict]:
    """All in one transaction. Where a slice spoils it, each half in one of its own, until the slice is alone."""
    try:
        return _append_together(db, slices)
    except sqlite3.IntegrityError:
        if len(slices) == 1:
            return {slices[0].game_id: "refused"}
    half = len(slices) // 2
    return _append(db, slices[:half]) | _append(db, slices[half:])


def _append_together(db: sqlite3.Connection, slices: list[Slice]) -> dict[str, Verdict]:
    with transaction(db):
        owned = [one for one in slices if _owned(db, one)]
        for one in owned:
            _insert(db, rows.JOURNAL, rows.entry_rows(one.game_id, one.epoch, one.entries))
            if one.snapshot is not None:
                _keep_snapshot(db, one.game_id, one.snapshot)
            if one.results is not None:
                db.execute("UPDATE game SET ended_ms = ? WHERE id = ?", (one.results.ended_ms, one.game_id))
        results = rows.result_rows(owned)
        for table in rows.RESULTS:
            _insert(db, table, results[table.name])
    kept = {one.game_id for one in owned}
    return {one.game_id: "kept" if one.game_id in kept else "fenced" for one in slices}


def _owned(db: sqlite3.Connection, one: Slice) -> bool:
    query = "SELECT 1 FROM game WHERE id = ? AND epoch = ? AND ended_ms IS NULL"
    return db.execute(query, (one.game_id, one.epoch)).fetchone() is not None


def _insert(db: sqlite3.Connection, table: rows.Table, values: Iterable[msgspec.Struct]) -> None:
    columns = table.row.__struct_fields__
    sql = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    db.executemany(sql, (tuple(map(_column, msgspec.structs.astuple(value))) for value in values))


def _column(value: Any) -> Any:
    return _encode(value).decode() if isinstance(value, tuple | msgspec.Struct) else value


def _keep_snapshot(db: sqlite3.Connection, game_id: str, snapshot: Snapshot) -> None:
    db.execute(
        "INSERT OR REPLACE INTO game_snapshot (game_id, seq, version, body) VALUES (?,?,?,?)",
        (game_id, snapshot.seq, snapshot.version, snapshot.body),
    )


def _take(db: sqlite3.Connection, game_id: str, node: str, owner: str | None) -> Taken | None:
    with transaction(db):
        row = db.execute(
            "UPDATE game SET epoch = epoch + 1, node_id = ?1 WHERE id = ?2 AND ended_ms IS NULL"
            " AND (?3 IS NULL OR node_id = ?3) RETURNING epoch, access, incarnation",
            (node, game_id, owner),
        ).fetchone()
        if row is None:
            return None
        heard_ms = _settle_life(db, game_id)
        snapshot = _snapshot(db, game_id)
        first = snapshot.seq if snapshot else 0
        entries = _read(db, game_id, first)
        return Taken(
            epoch=row[0],
            access=row[1],
            incarnation=row[2],
            snapshot=snapshot,
            entries=entries[1:] if snapshot else entries,
            last_mono_ms=entries[-1].mono_ms,
            beat_ms=heard_ms,
        )


def _snapshot(db: sqlite3.Connection, game_id: str) -> Snapshot | None:
    query = "SELECT seq, version, body FROM game_snapshot WHERE game_id = ? AND version = ?"
    row = db.execute(query, (game_id, FORM)).fetchone()
    return Snapshot(*row) if row else None


def _read(db: sqlite3.Connection, game_id: str, first: int = 0) -> tuple[Entry, ...]:
    query = "SELECT seq, version, mono_ms, body FROM journal WHERE game_id = ? AND seq >= ? ORDER BY seq"
    return rows.as_entries(db.execute(query, (game_id, first)))


def _settle_life(db: sqlite3.Connection, game_id: str) -> int | None:
    """Note the latest heartbeat of the node that wrote the last entries, unless that is done: whether it lives on is
    nothing to the game's clock. Returns what is noted."""
    db.execute(
        "UPDATE game SET heard_epoch = writer.epoch, heard_ms = writer.mono_ms FROM ("
        " SELECT journal.epoch, node.mono_ms FROM journal"
        " LEFT JOIN node ON node.id = json_extract(journal.body, '$.node')"
        " WHERE game_id = ?1 AND kind = 'game_taken' ORDER BY epoch DESC LIMIT 1"
        ") AS writer WHERE id = ?1 AND heard_epoch <> writer.epoch",
        (game_id,),
    )
    heard_ms: int | None = db.execute("SELECT heard_ms FROM game WHERE id = ?", (game_id,)).fetchone()[0]
    return heard_ms


def _hand_over(db: sqlite3.Connection, game_ids: list[str], node: str) -> None:
    with transaction(db):
        for game_id in game_ids:
            if db.execute("UPDATE game SET node_id = '' WHERE id = ? AND node_id = ?", (game_id, node)).rowcount:
                _settle_life(db, game_id)


WHEREABOUTS = "SELECT id, node_id, access, incarnation, ended_ms IS NOT NULL FROM game"


def _whereabouts(row: tuple[Any, ...]) -> Whereabouts:
    game_id, node, access, incarnation, ended = row
    return Whereabouts(game_id=game_id, node=node, access=access, incarnation=incarnation, ended=bool(ended))


def _open_games(db: sqlite3.Connection, owner: str | None) -> list[Whereabouts]:
    query = f"{WHEREABOUTS} WHERE ended_ms IS NULL AND (?1 IS NULL OR node_id = ?1) ORDER BY created_ms"
    return [_whereabouts(row) for row in db.execute(query, (owner,))]


def _find(db: sqlite3.Connection, game_id: str) -> Whereabouts | None:
    row = db.execute(f"{WHEREABOUTS} WHERE id = ?", (game_id,)).fetchone()
    return _whereabouts(row) if row else None


def _beat(db: sqlite3.Connection, node: Node, mono_ms: int) -> list[Heartbeat]:
    with transaction(db):
        db.execute(
            "INSERT INTO node (id, address, websocket_url, beat, mono_ms) VALUES (?,?,?,1,?) ON CONFLICT (id) DO UPDATE"
            " SET address = excluded.address, websocket_url = excluded.websocket_url, beat = beat + 1,"
            " mono_ms = excluded.mono_ms",
            (*msgspec.structs.astuple(node), mono_ms),
        )
        beats = db.execute("SELECT id, address, websocket_url, beat FROM node").fetchall()
    return [
        Heartbeat(Node(id=node_id, address=address, websocket_url=url), count) for node_id, address, url, count in beats
    ]


def _forget(db: sqlite3.Connection, node_id: str) -> None:
    db.execute(
        "DELETE FROM node WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM game WHERE node_id = ?1 AND ended_ms IS NULL)",
        (node_id,),
    )


def _prune(db: sqlite3.Connection, ended_before_ms: int, limit: int) -> int:
    with transaction(db):
        pruned = db.execute(
            "UPDATE game SET pruned = 1 WHERE id IN (SELECT id FROM game WHERE ended_ms < ? AND NOT pruned"
            " ORDER BY ended_ms LIMIT ?) RETURNING id",
            (ended_before_ms, limit),
        ).fetchall()
        for table in ("journal", "game_snapshot"):
            db.executemany(f"DELETE FROM {table} WHERE game_id = ?", pruned)
    return len(pruned)
