"""Says that the disk is nearly full before games stop because it is."""

from collections.abc import Callable

import structlog

from momentum.realtime import metrics
from momentum.realtime.timing import Repeating, Timing

log = structlog.get_logger(__name__)

LOOK_EVERY_MS = 10_000
LOW_BYTES = 500_000_000
RECOVERED_BYTES = 600_000_000
"""So much must be free again for a new fall to be news."""


class DiskWatch:
    """`free_bytes`: of the disk that the games are on. Raises OSError."""

    def __init__(self, timing: Timing, free_bytes: Callable[[], int]) -> None:
        self._free_bytes = free_bytes
        self._low = False
        self._looking = Repeating(timing, LOOK_EVERY_MS, self._look)

    def start(self) -> None:
        self._look()
        self._looking.start()

    def stop(self) -> None:
        self._looking.stop()

    def _look(self) -> None:
        try:
            free = self._free_bytes()
        except OSError as error:
            log.warning("disk_not_looked_at", error=str(error))
            return
        metrics.DISK_FREE_BYTES.labels(directory="data").set(free)
        if free < LOW_BYTES and not self._low:
            log.warning("disk_nearly_full", free_bytes=free)
        self._low = free < (RECOVERED_BYTES if self._low else LOW_BYTES)
