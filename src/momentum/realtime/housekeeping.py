"""What a node does now and then: says that it lives, and looks after its hubs."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping

import structlog

from momentum.realtime import metrics
from momentum.realtime.hub import Hub
from momentum.realtime.journal.contract import Journal, JournalUnavailable
from momentum.realtime.timing import Repeating, Timing

log = structlog.get_logger(__name__)

BEAT_MS = 300
WATCH_MS = 1_000


class Housekeeping:
    """`look_after`: called about once a second for each hub, with the monotonic milliseconds."""

    def __init__(
        self,
        journal: Journal,
        timing: Timing,
        *,
        hubs: Mapping[str, Hub],
        node: str,
        address: str,
        look_after: Callable[[Hub, int], None],
    ) -> None:
        self._journal = journal
        self._timing = timing
        self._hubs = hubs
        self._node = node
        self._address = address
        self._look_after = look_after
        self._beating = Repeating(timing, BEAT_MS, self._beat_soon)
        self._watching = Repeating(timing, WATCH_MS, self._watch)
        self._watched_ms = 0
        self._beat: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._watched_ms = self._timing.mono_ms()
        self._beating.start()
        self._watching.start()

    async def stop(self) -> None:
        """A last heartbeat, if the journal takes it, then none."""
        self._beating.stop()
        self._watching.stop()
        if self._beat is not None:
            await self._beat
        with contextlib.suppress(JournalUnavailable):
            await self.beat()

    async def beat(self) -> None:
        """Write a heartbeat. Raises JournalUnavailable."""
        await self._journal.beat(self._node, self._address, self._timing.mono_ms())

    def _beat_soon(self) -> None:
        """Clocks that stand need none; and one at a time is enough."""
        if self._beat is None and any(hub.timed for hub in self._hubs.values()):
            self._beat = asyncio.get_running_loop().create_task(self._beat_or_warn())

    async def _beat_or_warn(self) -> None:
        try:
            await self.beat()
        except JournalUnavailable as error:
            log.warning("heartbeat_failed", error=str(error))
        finally:
            self._beat = None

    def _watch(self) -> None:
        now = self._timing.mono_ms()
        metrics.LOOP_LAG_MS.set(now - self._watched_ms - WATCH_MS)
        self._watched_ms = now
        for hub in tuple(self._hubs.values()):
            hub.watch()
            self._look_after(hub, now)
