"""The hubs of one node: opens games, takes them over, brings ended ones back to be looked at, lets go of idle ones."""

import asyncio
import secrets
from collections.abc import Callable, Coroutine
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
from momentum.realtime.housekeeping import Housekeeping
from momentum.realtime.hub import Hub, Surroundings
from momentum.realtime.journal.contract import Entry, GameRow, Journal, JournalUnavailable
from momentum.realtime.losses import Losses
from momentum.realtime.messages import Envelope, Request, Revoke
from momentum.realtime.questions import frozen
from momentum.realtime.recovery import recover
from momentum.realtime.rooms import Rooms
from momentum.realtime.timing import Timing

log = structlog.get_logger(__name__)

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
        self._hubs: dict[str, Hub] = {}
        self._serving: dict[str, Stop] = {}
        self._access: dict[str, Access] = {}
        self._left_alone: dict[str, int] = {}
        self._loading: dict[str, asyncio.Task[bool]] = {}
        self._losses = Losses()
        self._to_revoke: dict[str, set[str]] = {}
        self._set_aside: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._draining = False
        self._housekeeping = Housekeeping(
            journal, timing, hubs=self._hubs, node=self.node, address=address, look_after=self._release_if_idle
        )
        self._around = Surroundings(
            timing=timing, committer=self.committer, keys=keys, publish=backplane.publish, lost=self._lost
        )

    @property
    def hubs(self) -> dict[str, Hub]:
        """The hubs by game."""
        return self._hubs

    def hub(self, game_id: str) -> Hub:
        """The hub of a game. Raises JournalUnavailable where there is none just now."""
        try:
            return self._hubs[game_id]
        except KeyError:
            raise JournalUnavailable("the game is being taken again") from None

    def access(self, game_id: str) -> Access:
        """Who may play a game that has a hub here."""
        return self._access[game_id]

    def open_games_of(self, user_id: str) -> int:
        """How many games that are not over the user hosts."""
        return sum(user_id in hub.game.hosts and hub.game.phase is not Phase.OVER for hub in self._hubs.values())

    async def start(self) -> None:
        """Take over every open game, then keep house until `stop`. Raises JournalUnavailable."""
        await self._housekeeping.beat()
        for game_id in await self._journal.open_games():
            await self._take_or_set_aside(game_id)
        await self._journal.forget_other_nodes(self.node)
        self._housekeeping.start()

    async def stop(self) -> None:
        """Hand the games over: what was said is kept and told, nobody writes any more."""
        self._draining = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, *self._loading.values(), return_exceptions=True)
        for hub in self._hubs.values():
            hub.stop()
        await self.committer.flushed()
        await self._housekeeping.stop()
        for game_id in tuple(self._hubs):
            self._forget(game_id)

    async def open(self, wanted: OpenGame) -> tuple[Hub, bool]:
        """The game, and whether it is new. Raises JournalUnavailable."""
        made = False

        async def make_or_load() -> bool:
            nonlocal made
            made = await self._make(wanted)
            return made or await self._load(wanted.contest_id)

        found = False
        while not found:  # somebody else may be looking for it just now, in vain
            found = await self._once(wanted.contest_id, make_or_load)
        return self.hub(wanted.contest_id), made

    async def ensure(self, game_id: str) -> bool:
        """Have a hub for the game, from its journal if need be. False: no such game. Raises JournalUnavailable."""
        return await self._once(game_id, lambda: self._load(game_id))

    def revoke(self, user_id: str) -> None:
        """A user is logged out: close their sockets in every game, in lost ones as soon as they are taken again."""
        for hub in tuple(self._hubs.values()):
            hub.handle(Revoke(user_id=user_id))
        for game_id in self._losses.missing - self._hubs.keys():
            self._to_revoke.setdefault(game_id, set()).add(user_id)

    # From nothing, or from the journal, to a hub

    async def _once(self, game_id: str, work: Callable[[], Coroutine[Any, Any, bool]]) -> bool:
        """Whether the game has a hub: at once if it has, else after `work`, or after what somebody else does for it."""
        if game_id in self._hubs:
            return True
        loading = self._loading.get(game_id)
        if loading is None:
            loading = self._loading[game_id] = asyncio.get_running_loop().create_task(work())
            loading.add_done_callback(lambda _: self._loading.pop(game_id, None))
        return await asyncio.shield(loading)

    async def _make(self, wanted: OpenGame) -> bool:
        """A new game. False: there was one of this id."""
        self._refuse_while_stopping()
        created = _created(wanted)
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
        if made:
            self._serve(replay((created, taken)), 0, wanted.access)
        return made

    async def _load(self, game_id: str) -> bool:
        """A game that the journal has, open or ended. One whose journal does not replay stops no other."""
        self._refuse_while_stopping()
        if game_id in self._set_aside:
            raise JournalUnavailable("the journal of this game does not replay")
        try:
            return await self._take(game_id) or await self._look_at(game_id)
        except JournalUnavailable:
            raise
        except Exception as error:
            self._set_aside.add(game_id)
            log.exception("game_set_aside", game=game_id)
            raise JournalUnavailable("the journal of this game does not replay") from error

    def _refuse_while_stopping(self) -> None:
        if self._draining:
            raise JournalUnavailable("this node is stopping")

    async def _take(self, game_id: str) -> bool:
        taken = await self._journal.take(game_id, self.node)
        if taken is None:
            return False
        metrics.TAKEOVERS.inc()
        game, at = recover(taken, self._losses.since(game_id))
        log.info("game_taken", game=game_id, epoch=taken.epoch, rev=game.rev, phase=game.phase.value)
        hub = self._serve(game, at, taken.access)
        hub.begin(self.node)
        self.committer.submit(hub, [], lambda: self._losses.back(game_id, self._timing.mono_ms()))
        for user_id in self._to_revoke.pop(game_id, ()):
            hub.handle(Revoke(user_id=user_id))
        self._rooms.reset(game_id)
        return True

    async def _look_at(self, game_id: str) -> bool:
        """An ended game: it can be looked at, and no longer changes."""
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

    # From a hub to none

    def _forget(self, game_id: str) -> None:
        self._serving.pop(game_id)()
        self._left_alone.pop(game_id, None)
        del self._hubs[game_id], self._access[game_id]
        metrics.GAMES.set(len(self._hubs))

    def _lost(self, hub: Hub, fenced: bool) -> None:
        game_id = hub.game_id
        if self._hubs.get(game_id) is not hub:
            return
        log.warning("game_lost", game=game_id, fenced=fenced)
        self._forget(game_id)
        if fenced:
            self._rooms.reset(game_id)
        else:
            self._take_again_soon(game_id)

    def _take_again_soon(self, game_id: str) -> None:
        delay_ms = self._losses.lost(game_id, self._timing.mono_ms())
        self._timing.call_later(delay_ms, lambda: self._spawn(self._take_again(game_id)))

    async def _take_again(self, game_id: str) -> None:
        """As long as it takes: the journal may be away for a while."""
        try:
            await self._take_or_set_aside(game_id)
        except JournalUnavailable:
            if not self._draining:
                self._take_again_soon(game_id)

    async def _take_or_set_aside(self, game_id: str) -> None:
        try:
            await self.ensure(game_id)
        except JournalUnavailable:
            if game_id not in self._set_aside:
                raise

    def _release_if_idle(self, hub: Hub, now: int) -> None:
        if hub.game.phase is not Phase.OVER or not hub.empty:
            self._left_alone.pop(hub.game_id, None)
        elif now - self._left_alone.setdefault(hub.game_id, now) >= KEEP_ENDED_MS:
            self._losses.forget(hub.game_id)
            self._forget(hub.game_id)
            hub.close()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _created(wanted: OpenGame) -> GameCreated:
    seed = secrets.randbits(53)
    return GameCreated(
        at=0,
        game_id=wanted.contest_id,
        source_contest_id=wanted.source_contest_id,
        name=wanted.name,
        settings=wanted.settings,
        hosts=wanted.hosts,
        questions=frozen(wanted.questions, seed),
        seed=seed,
    )
