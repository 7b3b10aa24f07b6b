"""This node among the nodes: its heartbeats, its standing, and who of the others is dead."""

import asyncio
import contextlib
from collections.abc import Callable

import structlog

from momentum.realtime.journal.contract import Journal, JournalUnavailable, Node
from momentum.realtime.lease import Lease, Standing
from momentum.realtime.peers import Peers
from momentum.realtime.timing import Repeating, Timing

log = structlog.get_logger(__name__)


class Membership:
    """`known_dead`: see Peers. `needed`: whether anybody depends on this node's heartbeat now; otherwise none is sent.
    `lost_since`: since when some game of this node has had no writer, on its monotonic clock; None: all have.
    `heard`: called after each heartbeat that was kept. `fenced`: called while the standing has expired."""

    def __init__(
        self,
        journal: Journal,
        timing: Timing,
        *,
        node: Node,
        lease: Lease,
        known_dead: Callable[[str], bool],
        needed: Callable[[], bool],
        lost_since: Callable[[], int | None],
        heard: Callable[[], None],
        fenced: Callable[[], None],
    ) -> None:
        self.node = node
        self.peers = Peers(node, lease.dead_ms, known_dead)
        self.standing = Standing(lease)
        self.reachable = asyncio.Event()
        """Cleared while heartbeats are not kept."""
        self.reachable.set()
        self._journal = journal
        self._timing = timing
        self._needed = needed
        self._lost_since = lost_since
        self._heard = heard
        self._fenced = fenced
        self._beating = Repeating(timing, lease.beat_ms, self._beat_soon)
        self._beat: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._beating.start()

    async def stop(self) -> None:
        """A last heartbeat, if the journal takes it, then none."""
        self._beating.stop()
        if self._beat is not None:
            await self._beat
        with contextlib.suppress(JournalUnavailable):
            await self.beat()

    async def beat(self) -> None:
        """Send a heartbeat, and read those of all. Raises JournalUnavailable.

        Whoever takes a game of this node lets its clock go on from the last heartbeat. So while a game is lost here,
        the heartbeats that are sent say that it is still the moment of the loss.
        """
        sent_ms = self._timing.mono_ms()
        if self.standing.resting:
            self.standing.renewed(sent_ms)
        try:
            heartbeats = await self._journal.beat(self.node, self._alive_ms(sent_ms))
        except JournalUnavailable:
            self.peers.interrupted()
            self.reachable.clear()
            raise
        self.standing.renewed(sent_ms)
        self.peers.heard(heartbeats, self._timing.mono_ms())
        self.reachable.set()

    async def is_dead(self, node_id: str) -> bool:
        """Whether the games that a node owned just now are to be had. Raises JournalUnavailable."""
        if not self.peers.knows(node_id):
            await self.beat()
        return self.peers.is_dead(node_id)

    @property
    def expired(self) -> bool:
        return self.standing.expired(self._timing.mono_ms())

    def _alive_ms(self, now_ms: int) -> int:
        """Until when all games of this node have had a writer."""
        lost_ms = self._lost_since()
        return now_ms if lost_ms is None else min(lost_ms, now_ms)

    def _beat_soon(self) -> None:
        """One at a time."""
        if self.expired:
            self._fenced()
        if self._beat is not None:
            return
        if self._needed():
            self._beat = asyncio.get_running_loop().create_task(self._beat_or_warn())
        else:
            self.standing.rest()

    async def _beat_or_warn(self) -> None:
        try:
            await self.beat()
        except JournalUnavailable as error:
            log.warning("heartbeat_failed", error=str(error))
        else:
            self._heard()
        finally:
            self._beat = None
