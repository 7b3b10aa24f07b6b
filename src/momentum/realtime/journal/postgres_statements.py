"""What the journal says to PostgreSQL. Rows of any number go in as one parameter, a JSON list of records."""

from collections.abc import Iterable
from typing import Any, get_args

import msgspec

from momentum.realtime.journal import rows
from momentum.realtime.journal.contract import Slice

TYPES = {int: "bigint", str: "text", bool: "boolean"}
"""Of a record's fields; all others are JSON."""

_encode = msgspec.json.Encoder().encode


class Part(msgspec.Struct, frozen=True):
    """Of one slice, what concerns its game's row."""

    game_id: str
    epoch: int
    ended_ms: int | None


class SnapshotRow(msgspec.Struct, frozen=True):
    game_id: str
    seq: int
    version: str
    body: str


SNAPSHOTS = rows.Table("game_snapshot", SnapshotRow)


def records(values: Iterable[msgspec.Struct]) -> str:
    return _encode(list(values)).decode()


def append_values(slices: list[Slice]) -> tuple[dict[str, Any], int]:
    """The parameters of APPEND, and how many rows they make."""
    values = rows.result_rows(slices)
    values["parts"] = [
        Part(one.game_id, one.epoch, one.results.ended_ms if one.results is not None else None) for one in slices
    ]
    values["journal"] = [row for one in slices for row in rows.entry_rows(one.game_id, one.epoch, one.entries)]
    values["game_snapshot"] = [
        SnapshotRow(one.game_id, one.snapshot.seq, one.snapshot.version, one.snapshot.body)
        for one in slices
        if one.snapshot is not None
    ]
    lists = {name: records(some) for name, some in values.items()}
    return lists | {"game_ids": [one.game_id for one in slices]}, sum(map(len, values.values()))


def _recordset(name: str, kind: type[msgspec.Struct]) -> str:
    fields = ", ".join(f"{field.name} {_type(field.type)}" for field in msgspec.structs.fields(kind))
    return f"json_to_recordset(%({name})s::json) AS record ({fields})"


def _type(kind: Any) -> str:
    return TYPES.get((get_args(kind) or (kind,))[0] if type(None) in get_args(kind) else kind, "json")


def _insert(table: rows.Table, owner: str) -> str:
    """Those records whose game is in `owner`."""
    columns = ", ".join(table.row.__struct_fields__)
    source = _recordset(table.name, table.row)
    return f"INSERT INTO {table.name} ({columns}) SELECT {columns} FROM {source} JOIN {owner} ON {owner}.id = game_id"


CREATE = f"""
WITH made AS (
    INSERT INTO game (
        id, source_contest_id, name, access, incarnation, created_ms, epoch, node_id, heard_epoch, pruned
    )
    VALUES (
        %(id)s, %(source_contest_id)s, %(name)s, %(access)s, %(incarnation)s, %(created_ms)s, 1, %(node)s, 0, false
    )
    ON CONFLICT (id) DO NOTHING RETURNING id
), begun AS (
    {_insert(rows.JOURNAL, "made")}
)
SELECT id FROM made
"""

# A game has one writer, so that a shared lock would let nobody else in; this one can also end the game, without an
# upgrade for which two transactions could wait for each other. The ids, once more, show the planner how few they are.
APPEND = f"""
WITH owned AS (
    SELECT game.id, record.ended_ms FROM game
    JOIN {_recordset("parts", Part)} ON record.game_id = game.id AND record.epoch = game.epoch
    WHERE game.id = ANY(%(game_ids)s) AND game.ended_ms IS NULL ORDER BY game.id FOR NO KEY UPDATE OF game
), ended AS (
    UPDATE game SET ended_ms = owned.ended_ms FROM owned WHERE game.id = owned.id AND owned.ended_ms IS NOT NULL
), entries AS (
    {_insert(rows.JOURNAL, "owned")}
), snapshots AS (
    {_insert(SNAPSHOTS, "owned")}
    ON CONFLICT (game_id) DO UPDATE SET seq = excluded.seq, version = excluded.version, body = excluded.body
), {", ".join(f"{table.name}s AS ({_insert(table, 'owned')})" for table in rows.RESULTS)}
SELECT id FROM owned
"""

TAKE = """
UPDATE game SET epoch = epoch + 1, node_id = %(node)s
WHERE id = %(game_id)s AND ended_ms IS NULL AND (%(owner)s::text IS NULL OR node_id = %(owner)s)
RETURNING epoch, access, incarnation
"""

SNAPSHOT = "SELECT seq, version, body FROM game_snapshot WHERE game_id = %(game_id)s AND version = %(version)s"

READ = """
SELECT seq, version, mono_ms, body FROM journal WHERE game_id = %(game_id)s AND seq >= %(first)s ORDER BY seq
"""

WRITERS = """
SELECT DISTINCT ON (game_id) game_id, journal.epoch, node.mono_ms
FROM journal LEFT JOIN node ON node.id = journal.body::json ->> 'node'
WHERE game_id = ANY(%(game_ids)s) AND kind = 'game_taken' ORDER BY game_id, epoch DESC
"""
"""Who wrote the last entries of each game, with its latest heartbeat."""

HAND_OVER = f"""
UPDATE game SET node_id = '', heard_epoch = writer.epoch,
    heard_ms = CASE WHEN heard_epoch = writer.epoch THEN heard_ms ELSE writer.mono_ms END
FROM ({WRITERS}) AS writer WHERE id = writer.game_id AND node_id = %(node)s
"""

SETTLE_LIFE = f"""
UPDATE game SET heard_epoch = writer.epoch,
    heard_ms = CASE WHEN heard_epoch = writer.epoch THEN heard_ms ELSE writer.mono_ms END
FROM ({WRITERS}) AS writer WHERE id = writer.game_id RETURNING heard_ms
"""
"""Whether the last writer lives on after the game was taken from it is nothing to the game's clock."""

WHEREABOUTS = "SELECT id, node_id, access, incarnation, ended_ms IS NOT NULL FROM game"

OPEN_GAMES = f"""
{WHEREABOUTS} WHERE ended_ms IS NULL AND (%(owner)s::text IS NULL OR node_id = %(owner)s) ORDER BY created_ms
"""

FIND = f"{WHEREABOUTS} WHERE id = %(game_id)s"

BEAT = """
WITH own AS (
    INSERT INTO node (id, address, websocket_url, beat, mono_ms)
    VALUES (%(id)s, %(address)s, %(websocket_url)s, 1, %(mono_ms)s)
    ON CONFLICT (id) DO UPDATE SET address = excluded.address, websocket_url = excluded.websocket_url,
        beat = node.beat + 1, mono_ms = excluded.mono_ms
    RETURNING id, address, websocket_url, beat
)
SELECT * FROM own UNION ALL SELECT id, address, websocket_url, beat FROM node WHERE id <> %(id)s
"""

FORGET = """
DELETE FROM node WHERE id = %(node)s
AND NOT EXISTS (SELECT 1 FROM game WHERE node_id = %(node)s AND ended_ms IS NULL)
"""

PRUNE = """
WITH old AS (
    SELECT id FROM game WHERE ended_ms < %(ended_before_ms)s AND NOT pruned
    ORDER BY ended_ms LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED
), marked AS (
    UPDATE game SET pruned = true FROM old WHERE game.id = old.id
), entries AS (
    DELETE FROM journal USING old WHERE game_id = old.id
), snapshots AS (
    DELETE FROM game_snapshot USING old WHERE game_id = old.id
)
SELECT id FROM old
"""
