"""What a journal promises, whatever database keeps it."""

from typing import Literal, Protocol

import msgspec

from momentum.game.events import Event
from momentum.protocol.internal import Access
from momentum.realtime.results import Results


class JournalUnavailable(Exception):
    """The journal cannot be read or written at the moment. After an append: it may have been kept, or not."""


class Entry(msgspec.Struct, frozen=True):
    """An event at its position. `mono_ms`: the writing node's monotonic clock, comparable only with its heartbeat."""

    seq: int
    event: Event
    mono_ms: int


class Slice(msgspec.Struct, frozen=True, kw_only=True):
    """What one game adds in one append. `results` comes with the end of the game, and closes it."""

    game_id: str
    epoch: int
    entries: tuple[Entry, ...]
    results: Results | None = None


Verdict = Literal["kept", "fenced", "refused"]
"""fenced: the game has another writer, or has ended. refused: the entries contradict those that are there."""


class GameRow(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    source_contest_id: str
    name: str
    access: Access
    created_ms: int


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A game that now belongs to the taker, at `epoch`. `beat_ms`: the monotonic clock of the node that wrote the last
    entries, at its last heartbeat; None: not known."""

    epoch: int
    access: Access
    entries: tuple[Entry, ...]
    beat_ms: int | None


class Journal(Protocol):
    """Every call is one transaction. Any of them may raise JournalUnavailable."""

    async def create(self, game: GameRow, node: str, entries: tuple[Entry, ...]) -> bool:
        """Keep a new game at epoch 1, owned by `node`. False: there was a game of this id; nothing has changed."""
        ...

    async def append(self, slices: list[Slice]) -> dict[str, Verdict]:
        """Keep each slice whole, or not at all. When this returns, what is kept is as durable as DURABILITY says."""
        ...

    async def take(self, game_id: str, node: str) -> Taken | None:
        """Become the game's only writer: its epoch rises by one. None: no such game, or it has ended."""
        ...

    async def open_games(self) -> list[str]:
        """The games that have not ended, oldest first."""
        ...

    async def read(self, game_id: str) -> tuple[Entry, ...]:
        """The whole journal of a game; empty: no such game."""
        ...

    async def access(self, game_id: str) -> Access | None:
        """Whom a game admits, open or ended; None: no such game."""
        ...

    async def beat(self, node: str, address: str, mono_ms: int) -> None:
        """This node is alive, and its monotonic clock says `mono_ms`."""
        ...

    async def forget_other_nodes(self, node: str) -> None:
        """Drop the heartbeats of all other nodes. Only for an installation of one node, when every game is taken."""
        ...

    async def close(self) -> None: ...
