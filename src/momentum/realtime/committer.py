"""Group commit: one append in flight per node; what gathers meanwhile is the next one.

Rule: nothing that depends on an event leaves the node before the event is in the journal.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol

import structlog

from momentum.realtime import metrics
from momentum.realtime.journal.contract import Entry, Journal, JournalUnavailable, Slice, Snapshot, Verdict
from momentum.realtime.losses import Loss
from momentum.realtime.results import Results

log = structlog.get_logger(__name__)

Release = Callable[[], None]


class Writer(Protocol):
    """A game's hub, as the committer sees it."""

    @property
    def game_id(self) -> str: ...

    @property
    def epoch(self) -> int: ...

    def lost(self, why: Loss) -> None:
        """What was submitted is not kept, or nobody knows. The hub must not go on."""
        ...


class _Pending:
    """What one hub has submitted since the append in flight began."""

    __slots__ = ("entries", "releases", "results", "snapshot", "writer")

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.entries: list[Entry] = []
        self.releases: list[Release] = []
        self.results: Results | None = None
        self.snapshot: Snapshot | None = None

    def as_slice(self) -> Slice:
        return Slice(
            game_id=self.writer.game_id,
            epoch=self.writer.epoch,
            entries=tuple(self.entries),
            results=self.results,
            snapshot=self.snapshot,
        )


class Committer:
    """Appends for all hubs of a node, in the order in which they submit."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._gathering: dict[str, _Pending] = {}
        self._in_flight: dict[str, _Pending] = {}
        self._task: asyncio.Task[None] | None = None
        self._settled = 0
        """How many batches have been kept, or lost."""
        self._batch_settled = asyncio.Event()

    def submit(
        self,
        writer: Writer,
        entries: list[Entry],
        release: Release,
        results: Results | None = None,
        snapshot: Snapshot | None = None,
    ) -> None:
        """Keep `entries`, then call `release`. Without entries: once all that came before is kept, or at once.
        `snapshot`: of the game after the last of the entries."""
        game_id = writer.game_id
        if not entries and game_id not in self._gathering and game_id not in self._in_flight:
            release()
            return
        pending = self._gathering.get(game_id)
        if pending is None:
            pending = self._gathering[game_id] = _Pending(writer)
        pending.entries += entries
        pending.releases.append(release)
        pending.results = results or pending.results
        pending.snapshot = snapshot or pending.snapshot
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._work())

    def drop(self, writer: Writer) -> None:
        """Forget what a hub has submitted and is not yet in flight."""
        pending = self._gathering.get(writer.game_id)
        if pending is not None and pending.writer is writer:
            del self._gathering[writer.game_id]

    async def flushed(self) -> None:
        """Wait until everything submitted so far is kept, or lost."""
        ahead = bool(self._in_flight) + bool(self._gathering)
        last = self._settled + ahead
        while self._settled < last and self._task is not None:
            await self._batch_settled.wait()

    async def _work(self) -> None:
        try:
            while self._gathering:
                self._in_flight, self._gathering = self._gathering, {}
                await self._append(self._in_flight)
                self._in_flight = {}
                self._settled += 1
                self._wake()
        finally:
            self._task = None
            self._wake()

    def _wake(self) -> None:
        """Let who waits look again."""
        self._batch_settled.set()
        self._batch_settled = asyncio.Event()

    async def _append(self, batch: dict[str, _Pending]) -> None:
        slices = [pending.as_slice() for pending in batch.values() if pending.entries]
        losses: dict[str, Loss] = {}
        try:
            with metrics.APPEND_SECONDS.time():
                verdicts = await self._journal.append(slices) if slices else {}
            losses = {game_id: _WHY[verdict] for game_id, verdict in verdicts.items() if verdict != "kept"}
        except JournalUnavailable as error:
            log.error("append_failed", error=str(error), games=len(slices))
            losses = {one.game_id: "unknown" for one in slices}
        except Exception:
            log.exception("append_failed", games=len(slices))
            losses = {one.game_id: "defect" for one in slices}
        metrics.APPEND_EVENTS.observe(sum(len(one.entries) for one in slices))
        for game_id, pending in batch.items():
            self._settle(pending, losses.get(game_id))

    def _settle(self, pending: _Pending, loss: Loss | None) -> None:
        if loss is None and _released(pending):
            return
        why: Loss = loss or "defect"
        metrics.APPENDS_LOST.labels(why=why).inc()
        self.drop(pending.writer)
        pending.writer.lost(why)


_WHY: dict[Verdict, Loss] = {"fenced": "fenced", "refused": "defect"}


def _released(pending: _Pending) -> bool:
    """Whether all that waited went out. A hub that fails to speak is lost; the others' go on."""
    try:
        for release in pending.releases:
            release()
    except Exception:
        log.exception("release_failed", game=pending.writer.game_id)
        return False
    return True
