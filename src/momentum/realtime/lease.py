"""How long a node may speak for its games without being heard of.

For liveness only: what keeps two writers apart is the epoch in the journal.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Milliseconds. beat_ms: between heartbeats. fence_ms: without a heartbeat that was kept for so long, a node falls
    silent. dead_ms: a node whose heartbeat stands for so long, as another one sees it, is dead to that one.

    `shared`: other nodes may take this node's games. Otherwise it is the only one, and every other has ended.
    """

    shared: bool = True
    beat_ms: int = 300
    fence_ms: int = 900
    dead_ms: int = 1_200


ALONE = Lease(shared=False, fence_ms=2_000)
"""Nobody waits to take over, so a slow disk is no reason to fall silent early."""


class Standing:
    """Whether this node may speak now, by its own monotonic milliseconds."""

    def __init__(self, lease: Lease) -> None:
        self._fence_ms = lease.fence_ms
        self._kept_ms: int | None = None

    def renewed(self, sent_ms: int) -> None:
        """A heartbeat that was sent then has been kept."""
        self._kept_ms = max(sent_ms, self._kept_ms or sent_ms)

    def rest(self) -> None:
        """No heartbeats are sent for now, and none are missed."""
        self._kept_ms = None

    @property
    def resting(self) -> bool:
        return self._kept_ms is None

    def expired(self, mono_ms: int) -> bool:
        return self._kept_ms is not None and mono_ms - self._kept_ms >= self._fence_ms
