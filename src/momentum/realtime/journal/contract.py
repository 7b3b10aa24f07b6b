"""What a journal promises, whatever database keeps it."""

from typing import Literal, Protocol

import msgspec

from momentum.game.events import Event
from momentum.protocol.internal import Access
from momentum.realtime.results import Results


class JournalUnavailable(Exception):
    """The journal cannot be read or written at the moment. After an append: it may have been kept, or not."""


class NotDurable(JournalUnavailable):
    """The database may lose what it has confirmed. The message says what to change."""


class FromNewerVersion(Exception):
    """The game has entries of a newer version than this code knows. It is left to nodes that know it."""


class Entry(msgspec.Struct, frozen=True, gc=False):
    """An event at its position. `mono_ms`: the writing node's monotonic clock, comparable only with its heartbeat."""

    seq: int
    event: Event
    mono_ms: int


class Snapshot(msgspec.Struct, frozen=True):
    """A game as it stood after entry `seq`. `version`: of its form; one of another form is as good as none."""

    seq: int
    version: str
    body: str


class Slice(msgspec.Struct, frozen=True, kw_only=True):
    """What one game adds in one append. `results` comes with the end of the game, and closes it. `snapshot`: the game
    as it stood after one of the entries; it replaces an earlier one."""

    game_id: str
    epoch: int
    entries: tuple[Entry, ...]
    results: Results | None = None
    snapshot: Snapshot | None = None


Verdict = Literal["kept", "fenced", "refused"]
"""fenced: the game has another writer, or has ended. refused: the entries contradict those that are there."""


class GameRow(msgspec.Struct, frozen=True, kw_only=True):
    """`incarnation`: of the game's history; another one after a restore from a backup."""

    id: str
    source_contest_id: str
    name: str
    access: Access
    incarnation: str
    created_ms: int


class Whereabouts(msgspec.Struct, frozen=True, kw_only=True):
    """`node`: the id of the node that owns the game; empty: it was handed over, whoever comes first may take it."""

    game_id: str
    node: str
    access: Access
    incarnation: str
    ended: bool


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A game that now belongs to the taker, at `epoch`. `snapshot`: of the form that this code knows, or None.
    `entries`: those after the snapshot, or all. `last_mono_ms`: of the last entry of all. `beat_ms`: the monotonic
    clock of the node that wrote it, at its last heartbeat before the game was first taken from it or handed over; None:
    not known."""

    epoch: int
    access: Access
    incarnation: str
    snapshot: Snapshot | None
    entries: tuple[Entry, ...]
    last_mono_ms: int
    beat_ms: int | None


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """A realtime process. `address`: where the other nodes call it, http://host:port. `websocket_url`: where browsers
    reach it, ws://host:port; empty: there is one address for all."""

    id: str
    address: str
    websocket_url: str


class Heartbeat(msgspec.Struct, frozen=True):
    """`count` rises with every heartbeat of the node."""

    node: Node
    count: int


class Journal(Protocol):
    """Every call is one transaction. Any of them may raise JournalUnavailable."""

    async def create(self, game: GameRow, node: str, entries: tuple[Entry, ...]) -> bool:
        """Keep a new game at epoch 1, owned by `node`. False: there was a game of this id; nothing has changed."""
        ...

    async def append(self, slices: list[Slice]) -> dict[str, Verdict]:
        """Keep each slice whole, or not at all. When this returns, what is kept is as durable as DURABILITY says."""
        ...

    async def take(self, game_id: str, node: str, *, owner: str | None = None) -> Taken | None:
        """Become the game's only writer: its epoch rises by one. None: no such game, or it has ended, or, where an
        `owner` is given, it is no longer that node's. Raises FromNewerVersion; nothing has changed then."""
        ...

    async def hand_over(self, game_ids: list[str], node: str) -> None:
        """Let whoever comes first take these games, where they are still `node`'s."""
        ...

    async def open_games(self, *, owner: str | None = None) -> list[Whereabouts]:
        """The games that have not ended, oldest first; of one owner, or all."""
        ...

    async def find(self, game_id: str) -> Whereabouts | None:
        """Where a game is, open or ended; None: no such game."""
        ...

    async def read(self, game_id: str) -> tuple[Entry, ...]:
        """The whole journal of a game; empty: no such game, or it was pruned. Raises FromNewerVersion."""
        ...

    async def beat(self, node: Node, mono_ms: int) -> list[Heartbeat]:
        """This node is alive, and its monotonic clock says `mono_ms`. Returns the latest heartbeat of every node."""
        ...

    async def forget(self, node_id: str) -> None:
        """Drop a node and its heartbeat, unless it owns open games."""
        ...

    async def prune(self, ended_before_ms: int, limit: int) -> int:
        """Drop the journals and snapshots of up to `limit` games that ended before (Unix ms); their results stay.
        Returns how many games that were."""
        ...

    async def close(self) -> None: ...
