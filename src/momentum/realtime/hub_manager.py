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
from momentum.realtime.journal.contract import Entry, GameRow, Journal, JournalUnavailable, Node, Whereabouts
from momentum.realtime.lease import Lease
from momentum.realtime.losses import Loss
from momentum.realtime.messages import Envelope, Request, Revoke
from momentum.realtime.ownership import Elsewhere, Ownership, SetAside, TakenMeanwhile
from momentum.realtime.questions import frozen
from momentum.realtime.recovery import recover
from momentum.realtime.rooms import Rooms
from momentum.realtime.timing import Timing

log = structlog.get_logger(__name__)

KEEP_ENDED_MS = 10 * 60_000
"""How long the hub of an ended game stays without anybody there; it comes back from the journal when asked for."""
KEEP_JOURNAL_MS = 365 * 24 * 3_600_000


class HubManager:
    """`predecessor`: see Ownership. `keep_ms`: how long the journals of ended games stay."""

    def __init__(
        self,
        *,
        journal: Journal,
        backplane: Backplane[Request, Envelope],
        rooms: Rooms,
        timing: Timing,
        keys: Keys,
        node: Node,
        lease: Lease,
        predecessor: str = "",
        keep_ms: int = KEEP_JOURNAL_MS,
    ) -> None:
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
        self._to_revoke: dict[str, set[str]] = {}
        self.ownership = Ownership(
            journal,
            timing,
            node=node,
            lease=lease,
            predecessor=predecessor,
            take=self.ensure,
            let_go=rooms.reset,
            fall_silent=self._fall_silent,
            hubs=self._hubs,
        )
        self._housekeeping = Housekeeping(
            journal, timing, hubs=self._hubs, look_after=self._release_if_idle, keep_ms=keep_ms
        )
        self._around = Surroundings(
            timing=timing,
            committer=self.committer,
            keys=keys,
            publish=backplane.publish,
            may_speak=lambda: self.ownership.may_speak,
            websocket_urls=self._websocket_urls,
            lost=self._lost,
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
        """How many games that are not over the user hosts here."""
        return sum(user_id in hub.game.hosts and hub.game.phase is not Phase.OVER for hub in self._hubs.values())

    async def start(self) -> None:
        """Take over every open game that has no owner, then keep house until `stop`. Raises JournalUnavailable."""
        await self.ownership.start()
        self._housekeeping.start()

    async def stop(self) -> None:
        """Hand the games over: what was said is kept and told, nobody writes here any more, any other node may."""
        await self.ownership.stop()
        await asyncio.gather(*self._loading.values(), return_exceptions=True)
        for hub in self._hubs.values():
            hub.stop()
        await self.committer.flushed()
        await self._housekeeping.stop()
        await self.ownership.hand_over(
            game_id for game_id, hub in self._hubs.items() if hub.game.phase is not Phase.OVER
        )
        for game_id in tuple(self._hubs):
            self._forget(game_id)

    async def open(self, wanted: OpenGame) -> tuple[Hub, bool]:
        """The game, and whether it is new. Raises JournalUnavailable, Elsewhere, SetAside."""
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
        """Have a hub for the game, from its journal if need be. False: no such game. Raises JournalUnavailable,
        Elsewhere, SetAside."""
        return await self._once(game_id, lambda: self._load(game_id))

    def revoke(self, user_id: str) -> None:
        """A user is logged out: close their sockets in every game, in lost ones as soon as they are taken again."""
        for hub in tuple(self._hubs.values()):
            hub.handle(Revoke(user_id=user_id))
        for game_id in self.ownership.missing - self._hubs.keys():
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
        self.ownership.demand(wanted.contest_id)
        node = self.ownership.node.id
        created = _created(wanted)
        taken = GameTaken(at=0, epoch=1, node=node)
        now = self._timing.mono_ms()
        row = GameRow(
            id=wanted.contest_id,
            source_contest_id=wanted.source_contest_id,
            name=wanted.name,
            access=wanted.access,
            incarnation=secrets.token_hex(8),
            created_ms=self._timing.unix_ms(),
        )
        made = await self._journal.create(row, node, (Entry(1, created, now), Entry(2, taken, now)))
        if made:
            self._serve(replay((created, taken)), 0, wanted.access, row.incarnation)
        return made

    async def _load(self, game_id: str) -> bool:
        """A game that the journal has, open or ended. One whose journal does not replay stops no other."""
        self.ownership.demand(game_id)
        where = await self._journal.find(game_id)
        if where is None:
            return False
        try:
            found = await (self._look_at(where) if where.ended else self._take(where))
            self._rooms.reset(game_id)
            return found
        except (JournalUnavailable, Elsewhere):
            raise
        except Exception as error:
            log.exception("game_does_not_replay", game=game_id)
            self.ownership.put_aside(game_id)
            raise SetAside(game_id) from error

    async def _take(self, where: Whereabouts) -> bool:
        game_id = where.game_id
        await self.ownership.demand_free(where)
        node = self.ownership.node.id
        taken = await self._journal.take(game_id, node, owner=where.node)
        if taken is None:
            raise TakenMeanwhile("another node has just taken the game, or it has ended")
        metrics.TAKEOVERS.inc()
        game, at = recover(taken, self.ownership.lost_since(game_id))
        log.info("game_taken", game=game_id, epoch=taken.epoch, rev=game.rev, phase=game.phase.value)
        hub = self._serve(game, at, taken.access, taken.incarnation)
        hub.begin(node)
        self.committer.submit(hub, [], lambda: self._back(hub))
        for user_id in self._to_revoke.pop(game_id, ()):
            hub.handle(Revoke(user_id=user_id))
        return True

    async def _look_at(self, where: Whereabouts) -> bool:
        """An ended game: it can be looked at, and no longer changes. False: its journal is no longer kept."""
        entries = await self._journal.read(where.game_id)
        if not entries:
            return False
        game = replay(entry.event for entry in entries)
        self._serve(game, game.last_at, where.access, where.incarnation)
        return True

    def _serve(self, game: Game, at: int, access: Access, incarnation: str) -> Hub:
        hub = Hub(game, at, incarnation, self._around)
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

    def _back(self, hub: Hub) -> None:
        """Something was kept since the game was taken, unless its hub is lost already."""
        if self._hubs.get(hub.game_id) is hub:
            self.ownership.back(hub.game_id)

    def _lost(self, hub: Hub, why: Loss) -> None:
        if self._hubs.get(hub.game_id) is hub:
            log.warning("game_lost", game=hub.game_id, why=why)
            self._forget(hub.game_id)
            self.ownership.lost(hub.game_id, why)

    def _fall_silent(self) -> None:
        """This node has not been heard of for too long: others may believe it dead. Its games are lost until it is."""
        for hub in tuple(self._hubs.values()):
            if hub.game.phase is not Phase.OVER:
                hub.lost("unheard")

    def _release_if_idle(self, hub: Hub, now: int) -> None:
        if hub.game.phase is not Phase.OVER or not hub.empty:
            self._left_alone.pop(hub.game_id, None)
        elif now - self._left_alone.setdefault(hub.game_id, now) >= KEEP_ENDED_MS:
            self.ownership.forget(hub.game_id)
            self._forget(hub.game_id)
            hub.close()

    def _websocket_urls(self, game_id: str) -> tuple[str, ...]:
        """Where the game's WebSocket is reached, this node first; empty where there is one address for all."""
        return tuple(game_url(node, game_id) for node in self.ownership.nodes if node.websocket_url)


def game_url(node: Node, game_id: str) -> str:
    """Where a game's WebSocket is reached on a node."""
    return f"{node.websocket_url}/ws/contests/{game_id}"


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
