"""The hubs of one node: opens games, takes them over, brings ended ones back to be looked at, lets go of idle ones."""

import asyncio
import secrets
from collections.abc import Coroutine
from typing import Any

import structlog

from momentum.backplane.contract import Backplane, Stop
from momentum.game.apply import replay
from momentum.game.events import GameCreated, GameTaken
from momentum.game.model import Game
from momentum.game.phases import Phase
from momentum.protocol.internal import Access, OpenGame
from momentum.protocol.tickets import Keys
from momentum.realtime import metrics
from momentum.realtime.committer import Committer
from momentum.realtime.hub import Hub, Surroundings
from momentum.realtime.journal.contract import Entry, GameRow, Journal, JournalUnavailable
from momentum.realtime.messages import Envelope, Request, Revoke
from momentum.realtime.questions import frozen
from momentum.realtime.recovery import recover
from momentum.realtime.rooms import Rooms
from momentum.realtime.timing import Timing

log = structlog.get_logger(__name__)

BEAT_MS = 300
WATCH_MS = 1_000
RETAKE_MS = 200
KEEP_ENDED_MS = 10 * 60_000
"""How long the hub of an ended game stays without anybody there; it comes back from the journal when asked for."""


class HubManager:
    def __init__(
        self,
        *,
        journal: Journal,
        backplane: Backplane[Request, Envelope],
        rooms: Rooms,
        timing: Timing,
        keys: Keys,
        address: str,
    ) -> None:
        self.node = secrets.token_hex(8)
        self.committer = Committer(journal)
        self._journal = journal
        self._backplane = backplane
        self._rooms = rooms
        self._timing = timing
        self._address = address
        self._hubs: dict[str, Hub] = {}
        self._serving: dict[str, Stop] = {}
        self._access: dict[str, Access] = {}
        self._left_alone: dict[str, int] = {}
        self._loading: dict[str, asyncio.Task[bool]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._draining = False
        self._around = Surroundings(
            timing=timing, committer=self.committer, keys=keys, publish=backplane.publish, lost=self._lost
        )

    @property
    def hubs(self) -> dict[str, Hub]:
        """The hubs by game."""
        return self._hubs

    def access(self, game_id: str) -> Access:
        """Who may play a game that has a hub here."""
        return self._access[game_id]

    def open_games_of(self, user_id: str) -> int:
        """How many games that are not over the user hosts."""
        return sum(user_id in hub.game.hosts and hub.game.phase is not Phase.OVER for hub in self._hubs.values())

    async def start(self) -> None:
        """Take over every open game, then keep house until `stop`."""
        await self._beat()
        for game_id in await self._journal.open_games():
            await self._take_or_set_aside(game_id)
        await self._journal.forget_other_nodes(self.node)
        self._spawn(self._keep_beating())
        self._spawn(self._keep_watch())

    async def stop(self) -> None:
        """Hand the games over: everything said is kept, nobody writes any more."""
        self._draining = True
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.committer.flushed()
        await self._beat()
        for game_id in tuple(self._hubs):
            self._let_go(game_id)

    async def open(self, wanted: OpenGame) -> tuple[Hub, bool]:
        """The game, and whether it is new. Raises JournalUnavailable."""
        if await self.ensure(wanted.contest_id):
            return self._hubs[wanted.contest_id], False
        seed = secrets.randbits(53)
        created = GameCreated(
            at=0,
            game_id=wanted.contest_id,
            source_contest_id=wanted.source_contest_id,
            name=wanted.name,
            settings=wanted.settings,
            hosts=wanted.hosts,
            questions=frozen(wanted.questions, seed),
            seed=seed,
        )
        taken = GameTaken(at=0, epoch=1, node=self.node)
        now = self._timing.mono_ms()
        row = GameRow(
            id=wanted.contest_id,
            source_contest_id=wanted.source_contest_id,
            name=wanted.name,
            access=wanted.access,
            created_ms=self._timing.unix_ms(),
        )
        made = await self._journal.create(row, self.node, (Entry(1, created, now), Entry(2, taken, now)))
        if not made:
            await self.ensure(wanted.contest_id)
            return self._hubs[wanted.contest_id], False
        return self._serve(replay((created, taken)), 0, wanted.access), True

    async def ensure(self, game_id: str) -> bool:
        """Have a hub for the game, from its journal if need be. False: no such game. Raises JournalUnavailable."""
        if game_id in self._hubs:
            return True
        loading = self._loading.get(game_id)
        if loading is None:
            loading = self._loading[game_id] = asyncio.get_running_loop().create_task(self._load(game_id))
            loading.add_done_callback(lambda _: self._loading.pop(game_id, None))
        return await asyncio.shield(loading)

    def revoke(self, user_id: str) -> None:
        """A user is logged out: close their sockets in every game."""
        for hub in tuple(self._hubs.values()):
            hub.handle(Revoke(user_id=user_id))

    async def _load(self, game_id: str) -> bool:
        if self._draining:
            raise JournalUnavailable("this node is stopping")
        taken = await self._journal.take(game_id, self.node)
        if taken is None:
            return await self._load_ended(game_id)
        metrics.TAKEOVERS.inc()
        game, at = recover(taken)
        log.info("game_taken", game=game_id, epoch=taken.epoch, rev=game.rev, phase=game.phase.value)
        self._serve(game, at, taken.access).begin(self.node)
        self._rooms.reset(game_id)
        return True

    async def _load_ended(self, game_id: str) -> bool:
        access = await self._journal.access(game_id)
        entries = await self._journal.read(game_id) if access is not None else ()
        if access is None or not entries:
            return False
        game = replay(entry.event for entry in entries)
        self._serve(game, game.last_at, access)
        return True

    def _serve(self, game: Game, at: int, access: Access) -> Hub:
        hub = Hub(game, at, self._around)
        self._hubs[game.id] = hub
        self._access[game.id] = access
        self._serving[game.id] = self._backplane.serve(game.id, hub.handle)
        metrics.GAMES.set(len(self._hubs))
        return hub

    def _let_go(self, game_id: str) -> None:
        hub = self._forget(game_id)
        hub.close()

    def _forget(self, game_id: str) -> Hub:
        self._serving.pop(game_id)()
        self._left_alone.pop(game_id, None)
        hub = self._hubs.pop(game_id)
        metrics.GAMES.set(len(self._hubs))
        return hub

    def _lost(self, game_id: str, fenced: bool) -> None:
        log.warning("game_lost", game=game_id, fenced=fenced)
        self._forget(game_id)
        if fenced:
            self._rooms.reset(game_id)
        else:
            self._spawn(self._take_again(game_id))

    async def _take_again(self, game_id: str) -> None:
        """As long as it takes: the journal may be away for a while."""
        while not self._draining:
            await asyncio.sleep(RETAKE_MS / 1000)
            try:
                return await self._take_or_set_aside(game_id)
            except JournalUnavailable as error:
                log.warning("game_not_taken", game=game_id, error=str(error))

    async def _take_or_set_aside(self, game_id: str) -> None:
        """A game whose journal does not replay waits for somebody to look at it; the others go on."""
        try:
            await self.ensure(game_id)
        except JournalUnavailable:
            raise
        except Exception:
            log.exception("game_set_aside", game=game_id)

    async def _keep_beating(self) -> None:
        while True:
            await asyncio.sleep(BEAT_MS / 1000)
            if any(hub.timed for hub in self._hubs.values()):
                try:
                    await self._beat()
                except JournalUnavailable:
                    log.warning("heartbeat_failed")

    async def _beat(self) -> None:
        await self._journal.beat(self.node, self._address, self._timing.mono_ms())

    async def _keep_watch(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + WATCH_MS / 1000
            await asyncio.sleep(WATCH_MS / 1000)
            metrics.LOOP_LAG_MS.set((loop.time() - due) * 1000)
            for hub in tuple(self._hubs.values()):
                hub.watch()
                self._release_if_idle(hub)

    def _release_if_idle(self, hub: Hub) -> None:
        if hub.game.phase is not Phase.OVER or not hub.empty:
            self._left_alone.pop(hub.game_id, None)
            return
        now = self._timing.mono_ms()
        if now - self._left_alone.setdefault(hub.game_id, now) >= KEEP_ENDED_MS:
            self._let_go(hub.game_id)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
