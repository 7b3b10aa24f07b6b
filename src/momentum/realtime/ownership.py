"""Which games this node owns, and what becomes of those it has lost or that nobody owns.

Rule: start-up, takeover and an append of unknown outcome are the same thing here: a game to take.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from typing import Any

import structlog

from momentum.game.phases import Phase
from momentum.realtime import metrics
from momentum.realtime.hub import Hub
from momentum.realtime.journal.contract import Journal, JournalUnavailable, Node, Whereabouts
from momentum.realtime.lease import Lease
from momentum.realtime.losses import Loss, Losses
from momentum.realtime.membership import Membership
from momentum.realtime.orphans import Orphans
from momentum.realtime.timing import Timing

log = structlog.get_logger(__name__)

TAKEN_AT_ONCE = 4
"""Games. As many as the journal reads at once."""


class Elsewhere(Exception):
    """The game is another node's."""

    def __init__(self, node: Node) -> None:
        super().__init__(f"the game is on node {node.id}")
        self.node = node


class SetAside(Exception):
    """The game cannot go on: its journal does not replay, or its hub failed again and again."""


class TakenMeanwhile(JournalUnavailable):
    """Somebody was quicker: who has the game is found out by asking again."""


class Ownership:
    """`take`: have a hub for a game, from its journal; raises JournalUnavailable, Elsewhere, SetAside. `let_go`: the
    game is no longer this node's. `fall_silent`: the node may not speak any more. `hubs`: of the games that this node
    believes to own. `predecessor`: the node that ran here before, which has certainly ended."""

    def __init__(
        self,
        journal: Journal,
        timing: Timing,
        *,
        node: Node,
        lease: Lease,
        predecessor: str,
        take: Callable[[str], Awaitable[bool]],
        let_go: Callable[[str], None],
        fall_silent: Callable[[], None],
        hubs: Mapping[str, Hub],
    ) -> None:
        self.node = node
        self._journal = journal
        self._timing = timing
        self._take = take
        self._let_go = let_go
        self._hubs = hubs
        self._losses = Losses()
        self._set_aside: set[str] = set()
        self._membership = Membership(
            journal,
            timing,
            node=node,
            lease=lease,
            known_dead=lambda node_id: not lease.shared or node_id == predecessor,
            needed=lambda: lease.shared or bool(self._losses.missing) or any(hub.timed for hub in hubs.values()),
            lost_since=lambda: self._losses.earliest,
            heard=lambda: self._spawn(self._adopt()),
            fenced=fall_silent,
        )
        self._peers = self._membership.peers
        self._orphans = Orphans(journal, self._membership, timing)
        self._suspect_ms = 2 * lease.beat_ms
        self._adopting = False
        self._stopped = False
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Be heard of from now on, and take every open game that has no owner. Raises JournalUnavailable."""
        await self._membership.beat()
        self._adopting = True
        self._membership.start()
        try:
            open_games = await self._journal.open_games()
            await self._take_all([game for game in open_games if await self._membership.is_dead(game.node)])
            await self._orphans.bury()
        finally:
            self._adopting = False

    async def stop(self) -> None:
        """Take nothing any more."""
        self._stopped = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def hand_over(self, games: Iterable[str]) -> None:
        """Let any other node have the games at once, and leave. Where the journal is away, they find out themselves."""
        await self._membership.stop()
        with contextlib.suppress(JournalUnavailable):
            await self._journal.hand_over(list(games), self.node.id)
            await self._journal.forget(self.node.id)

    # What may be done now

    @property
    def may_speak(self) -> bool:
        return not self._membership.expired

    def suspects(self, node_id: str) -> bool:
        """Whether a node that is not dead yet may be: more heartbeats are missing than chance makes."""
        return self._peers.stood_ms(node_id, self._timing.mono_ms()) >= self._suspect_ms

    @property
    def set_aside(self) -> frozenset[str]:
        """The games that cannot go on here."""
        return frozenset(self._set_aside)

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The nodes that live, this one first."""
        return (self.node, *self._peers.others)

    def demand(self, game_id: str) -> None:
        """Raise where this node may not take any game now (JournalUnavailable), or not this one (SetAside)."""
        if game_id in self._set_aside:
            raise SetAside(game_id)
        if self._stopped:
            raise JournalUnavailable("this node is stopping")
        if not self.may_speak:
            raise JournalUnavailable("this node has not been heard of for too long")

    async def demand_free(self, where: Whereabouts) -> None:
        """Raise Elsewhere where the game is that of another node that lives. Raises JournalUnavailable."""
        if where.node == self.node.id or await self._membership.is_dead(where.node):
            return
        owner = self._peers.node(where.node)
        assert owner is not None, "a node that lives has been heard of"
        raise Elsewhere(owner)

    # What is lost

    @property
    def missing(self) -> set[str]:
        """The games that are lost now and will be taken again."""
        return self._losses.missing

    def lost_since(self, game_id: str) -> int | None:
        """Since when this node has lost the game, on its monotonic clock; None: it has not."""
        return self._losses.since(game_id)

    def lost(self, game_id: str, why: Loss) -> None:
        """A hub has stopped: its game is taken again, unless it is another's or has failed too often."""
        if why == "fenced":
            self._give_up(game_id)
        elif why == "defect" and self._losses.failed(game_id, self._timing.mono_ms()):
            self.put_aside(game_id)
            self._give_up(game_id)
        else:
            self._take_again_soon(game_id)

    def back(self, game_id: str) -> None:
        """Something of the game has been kept since it was taken."""
        self._losses.back(game_id, self._timing.mono_ms())

    def forget(self, game_id: str) -> None:
        """The game is over and gone."""
        self._losses.forget(game_id)

    def put_aside(self, game_id: str) -> None:
        """The game cannot go on, and must not keep the others from it."""
        self._set_aside.add(game_id)
        metrics.GAMES_SET_ASIDE.set(len(self._set_aside))
        log.error("game_set_aside", game=game_id)

    def _give_up(self, game_id: str) -> None:
        self._losses.forget(game_id)
        self._let_go(game_id)

    def _take_again_soon(self, game_id: str) -> None:
        delay_ms = self._losses.lost(game_id, self._timing.mono_ms())
        self._timing.call_later(delay_ms, lambda: self._spawn(self._take_again(game_id)))

    async def _take_again(self, game_id: str) -> None:
        """As long as it takes: the journal may be away for a while, which one heartbeat finds out for all games."""
        await self._membership.reachable.wait()
        try:
            await self._take(game_id)
        except JournalUnavailable:
            self._take_again_soon(game_id)
        except (Elsewhere, SetAside):
            self._give_up(game_id)

    # What nobody owns

    async def _adopt(self) -> None:
        """Take the games of nodes that have died, in turn with those that live; let go of what others have taken."""
        if self._adopting or not self._orphans.expected:
            return
        self._adopting = True
        try:
            believed = dict(self._hubs)
            open_games = await self._journal.open_games()
            self._let_go_of_taken(believed, open_games)
            await self._take_all(await self._orphans.due(open_games))
            await self._orphans.bury()
        except JournalUnavailable as error:
            log.info("adopting_put_off", error=str(error))
        finally:
            self._adopting = False

    def _let_go_of_taken(self, believed: Mapping[str, Hub], open_games: list[Whereabouts]) -> None:
        """A hub that writes nothing for a while would not find out by itself that its game has another writer."""
        own = {game.game_id for game in open_games if game.node == self.node.id}
        for game_id, hub in believed.items():
            if game_id not in own and self._hubs.get(game_id) is hub and hub.game.phase is not Phase.OVER:
                hub.lost("fenced")

    async def _take_all(self, games: Iterable[Whereabouts]) -> None:
        """Take what can be taken, a few at once, so that the last one does not wait for all others. Raises
        JournalUnavailable."""
        left = iter(games)

        async def take_on() -> None:
            for game in left:
                with contextlib.suppress(Elsewhere, SetAside, TakenMeanwhile):
                    await self._take(game.game_id)

        for failure in await asyncio.gather(*(take_on() for _ in range(TAKEN_AT_ONCE)), return_exceptions=True):
            if failure is not None:
                raise failure

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        if self._stopped:
            return work.close()
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
