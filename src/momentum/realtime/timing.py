"""Time, handed in: the same hub runs on the machine's clocks and on a simulation's."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    def cancel(self) -> None: ...


class Timing(Protocol):
    """`mono_ms`: milliseconds of a clock that never goes back. `unix_ms`: the wall's, for what people read."""

    def mono_ms(self) -> int: ...

    def mono_us(self) -> int: ...

    def unix_ms(self) -> int: ...

    def call_later(self, delay_ms: int, callback: Callable[[], None]) -> Timer: ...

    def call_soon(self, callback: Callable[[], None]) -> None: ...


class LoopTiming:
    """The running event loop's time."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def mono_ms(self) -> int:
        return time.monotonic_ns() // 1_000_000

    def mono_us(self) -> int:
        return time.monotonic_ns() // 1_000

    def unix_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def call_later(self, delay_ms: int, callback: Callable[[], None]) -> Timer:
        return self._loop.call_later(delay_ms / 1000, callback)

    def call_soon(self, callback: Callable[[], None]) -> None:
        self._loop.call_soon(callback)


class Repeating:
    """Calls `callback` every `every_ms`, from `start` to `stop`."""

    def __init__(self, timing: Timing, every_ms: int, callback: Callable[[], None]) -> None:
        self._timing = timing
        self._every_ms = every_ms
        self._callback = callback
        self._timer: Timer | None = None

    def start(self) -> None:
        self._timer = self._timing.call_later(self._every_ms, self._fire)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _fire(self) -> None:
        self.start()
        self._callback()
