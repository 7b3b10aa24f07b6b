"""The journal as one process sees it: a way to the database."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from momentum.realtime.journal.contract import Entry, GameRow, Heartbeat, Node, Slice, Taken, Verdict, Whereabouts

from .database import Database
from .loop import VirtualLoop

T = TypeVar("T")


class SimulatedJournal:
    """`reachable` false: nothing of this process gets through to the database."""

    def __init__(self, loop: VirtualLoop, database: Database) -> None:
        self.reachable = True
        self._loop = loop
        self._database = database

    async def create(self, game: GameRow, node: str, entries: tuple[Entry, ...]) -> bool:
        return await self._ask(lambda: self._database.create(game, node, entries))

    async def append(self, slices: list[Slice]) -> dict[str, Verdict]:
        return await self._ask(lambda: self._database.append(slices), (one.game_id for one in slices))

    async def take(self, game_id: str, node: str, *, owner: str | None = None) -> Taken | None:
        return await self._ask(lambda: self._database.take(game_id, node, owner), [game_id], owns=True)

    async def hand_over(self, game_ids: list[str], node: str) -> None:
        await self._ask(lambda: self._database.hand_over(game_ids, node), game_ids, owns=True)

    async def open_games(self, *, owner: str | None = None) -> list[Whereabouts]:
        return await self._ask(lambda: self._database.open_games(owner))

    async def find(self, game_id: str) -> Whereabouts | None:
        return await self._ask(lambda: self._database.find(game_id))

    async def read(self, game_id: str) -> tuple[Entry, ...]:
        return await self._ask(lambda: self._database.read(game_id))

    async def beat(self, node: Node, mono_ms: int) -> list[Heartbeat]:
        return await self._ask(lambda: self._database.beat(node, mono_ms))

    async def forget(self, node_id: str) -> None:
        await self._ask(lambda: self._database.forget(node_id))

    async def prune(self, ended_before_ms: int, limit: int) -> int:
        return await self._ask(lambda: self._database.prune(ended_before_ms, limit))

    async def close(self) -> None:
        self.reachable = False

    async def _ask(self, effect: Callable[[], T], rows: Iterable[str] = (), *, owns: bool = False) -> T:
        answer = self._loop.create_future()
        self._database.begin(answer, rows, effect, owns=owns, reachable=self.reachable)
        outcome: T = await answer
        return outcome
