"""The journal in PostgreSQL, beside the tables of the site, whose migrations make its own.

There is one durability, that of the disk: without synchronous_commit PostgreSQL loses confirmed commits even where only
one of its processes is killed, and then an acknowledged answer is lost without any power cut.
"""

from typing import Any, cast

import msgspec

from momentum.realtime.journal import postgres_statements as statements
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
from momentum.realtime.journal.postgres_links import (
    DEADLINE_S,
    LONG_DEADLINE_S,
    LONG_STATEMENT_S,
    STATEMENT_S,
    Connection,
    Links,
    StatementRefused,
)
from momentum.realtime.snapshots import FORM

Row = tuple[Any, ...]

LARGE = 5_000
"""An append of more rows, such as the end of a game of thousands, gets more time."""
ROWS_PER_S = 5_000


class PostgresJournal:
    """See journal.contract. Appends and heartbeats have connections of their own, so that neither waits for a game that
    is read."""

    def __init__(self, url: str) -> None:
        self._appending = Links(url, "momentum realtime: append")
        self._beating = Links(url, "momentum realtime: beat")
        self._others = Links(url, "momentum realtime", count=4, statement_s=LONG_STATEMENT_S)

    @classmethod
    async def open(cls, url: str) -> "PostgresJournal":
        """Raises NotDurable where the server would not keep what it confirms."""
        journal = cls(url)
        try:
            await journal._rows("SELECT 1", {})
        except BaseException:
            await journal.close()
            raise
        return journal

    async def create(self, game: GameRow, node: str, entries: tuple[Entry, ...]) -> bool:
        values = msgspec.structs.asdict(game) | {
            "node": node,
            "journal": statements.records(rows.entry_rows(game.id, 1, entries)),
        }
        return bool(await self._rows(statements.CREATE, values))

    async def append(self, slices: list[Slice]) -> dict[str, Verdict]:
        """All in one statement. Where a slice spoils it, each half in one of its own, until the slice is alone."""
        if not slices:
            return {}
        try:
            return await self._append_together(slices)
        except StatementRefused:
            if len(slices) == 1:
                return {slices[0].game_id: "refused"}
        half = len(slices) // 2
        return await self.append(slices[:half]) | await self.append(slices[half:])

    async def _append_together(self, slices: list[Slice]) -> dict[str, Verdict]:
        values, count = statements.append_values(slices)
        extra_s = count // ROWS_PER_S if count > LARGE else 0

        async def append(connection: Connection) -> list[Row]:
            if extra_s:
                await connection.execute(f"SET statement_timeout = '{STATEMENT_S + extra_s}s'")
            kept = await (await connection.execute(statements.APPEND, values)).fetchall()
            if extra_s:
                await connection.execute(f"SET statement_timeout = '{STATEMENT_S}s'")
            return kept

        kept = {row[0] for row in await self._appending.run(append, DEADLINE_S + extra_s)}
        return {one.game_id: "kept" if one.game_id in kept else "fenced" for one in slices}

    async def take(self, game_id: str, node: str, *, owner: str | None = None) -> Taken | None:
        async def take(connection: Connection) -> Taken | None:
            async with connection.transaction():
                return await _take(connection, game_id, node, owner)

        return await self._others.run(take, LONG_DEADLINE_S)

    async def hand_over(self, game_ids: list[str], node: str) -> None:
        await self._rows(statements.HAND_OVER, {"game_ids": game_ids, "node": node})

    async def open_games(self, *, owner: str | None = None) -> list[Whereabouts]:
        return [_whereabouts(row) for row in await self._rows(statements.OPEN_GAMES, {"owner": owner})]

    async def find(self, game_id: str) -> Whereabouts | None:
        found = await self._rows(statements.FIND, {"game_id": game_id})
        return _whereabouts(found[0]) if found else None

    async def read(self, game_id: str) -> tuple[Entry, ...]:
        values = {"game_id": game_id, "first": 0}
        return rows.as_entries(await self._rows(statements.READ, values, deadline_s=LONG_DEADLINE_S))

    async def beat(self, node: Node, mono_ms: int) -> list[Heartbeat]:
        values = msgspec.structs.asdict(node) | {"mono_ms": mono_ms}
        return [
            Heartbeat(Node(id=node_id, address=address, websocket_url=url), count)
            for node_id, address, url, count in await self._rows(statements.BEAT, values, self._beating)
        ]

    async def forget(self, node_id: str) -> None:
        await self._rows(statements.FORGET, {"node": node_id})

    async def prune(self, ended_before_ms: int, limit: int) -> int:
        values = {"ended_before_ms": ended_before_ms, "limit": limit}
        return len(await self._rows(statements.PRUNE, values, deadline_s=LONG_DEADLINE_S))

    async def close(self) -> None:
        for links in (self._appending, self._beating, self._others):
            await links.close()

    async def _rows(
        self, statement: str, values: dict[str, Any], links: Links | None = None, deadline_s: float = DEADLINE_S
    ) -> list[Row]:
        async def execute(connection: Connection) -> list[Row]:
            return await _fetch(connection, statement, values)

        return await (links or self._others).run(execute, deadline_s)


async def _fetch(connection: Connection, statement: str, values: dict[str, Any]) -> list[Row]:
    cursor = await connection.execute(cast(Any, statement), values)
    return await cursor.fetchall() if cursor.description else []


async def _take(connection: Connection, game_id: str, node: str, owner: str | None) -> Taken | None:
    """Statement after statement: the first waits for an append that is under way, and only a later one sees it."""
    won = await _fetch(connection, statements.TAKE, {"game_id": game_id, "node": node, "owner": owner})
    if not won:
        return None
    ((epoch, access, incarnation),) = won
    ((heard_ms,),) = await _fetch(connection, statements.SETTLE_LIFE, {"game_ids": [game_id]})
    found = await _fetch(connection, statements.SNAPSHOT, {"game_id": game_id, "version": FORM})
    snapshot = Snapshot(*found[0]) if found else None
    first = snapshot.seq if snapshot else 0
    entries = rows.as_entries(await _fetch(connection, statements.READ, {"game_id": game_id, "first": first}))
    return Taken(
        epoch=epoch,
        access=access,
        incarnation=incarnation,
        snapshot=snapshot,
        entries=entries[1:] if snapshot else entries,
        last_mono_ms=entries[-1].mono_ms,
        beat_ms=heard_ms,
    )


def _whereabouts(row: Row) -> Whereabouts:
    game_id, node, access, incarnation, ended = row
    return Whereabouts(game_id=game_id, node=node, access=access, incarnation=incarnation, ended=ended)
