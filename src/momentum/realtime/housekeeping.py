"""What a node does now and then: looks after its hubs, and drops journals that are old enough."""

import asyncio
from collections.abc import Callable, Mapping

import structlog

from momentum.realtime import metrics
from momentum.realtime.hub import Hub
from momentum.realtime.journal.contract import Journal, JournalUnavailable
from momentum.realtime.timing import Repeating, Timing

log = structlog.get_logger(__name__)

WATCH_MS = 1_000
PRUNE_MS = 10 * 60_000
PRUNED_AT_ONCE = 20
"""Games; so an append never waits long for them."""


class Housekeeping:
    """`look_after`: called about once a second for each hub, with the monotonic milliseconds. `keep_ms`: how long the
    journal of a game stays after its end."""

    def __init__(
        self,
        journal: Journal,
        timing: Timing,
        *,
        hubs: Mapping[str, Hub],
        look_after: Callable[[Hub, int], None],
        keep_ms: int,
    ) -> None:
        self._journal = journal
        self._timing = timing
        self._hubs = hubs
        self._look_after = look_after
        self._keep_ms = keep_ms
        self._watching = Repeating(timing, WATCH_MS, self._watch)
        self._pruning = Repeating(timing, PRUNE_MS, self._prune_soon)
        self._watched_ms = 0
        self._prune: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._watched_ms = self._timing.mono_ms()
        self._watching.start()
        self._pruning.start()

    async def stop(self) -> None:
        self._watching.stop()
        self._pruning.stop()
        if self._prune is not None:
            await self._prune

    def _watch(self) -> None:
        now = self._timing.mono_ms()
        metrics.LOOP_LAG_MS.set(now - self._watched_ms - WATCH_MS)
        self._watched_ms = now
        for hub in tuple(self._hubs.values()):
            hub.watch()
            self._look_after(hub, now)

    def _prune_soon(self) -> None:
        if self._prune is None:
            self._prune = asyncio.get_running_loop().create_task(self._prune_old())

    async def _prune_old(self) -> None:
        try:
            before_ms = self._timing.unix_ms() - self._keep_ms
            while await self._journal.prune(before_ms, PRUNED_AT_ONCE) == PRUNED_AT_ONCE:
                pass
        except JournalUnavailable as error:
            log.warning("pruning_failed", error=str(error))
        finally:
            self._prune = None
