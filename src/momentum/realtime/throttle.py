"""News that may come often is told now and then."""

from collections.abc import Callable

from momentum.realtime.timing import Timer, Timing


class Throttle:
    """Calls `tell` at most once in `every_ms`, after the first `poke` of each span."""

    def __init__(self, timing: Timing, every_ms: int, tell: Callable[[], None]) -> None:
        self._timing = timing
        self._every_ms = every_ms
        self._tell = tell
        self._timer: Timer | None = None

    def poke(self) -> None:
        if self._timer is None:
            self._timer = self._timing.call_later(self._every_ms, self._fire)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _fire(self) -> None:
        self._timer = None
        self._tell()
