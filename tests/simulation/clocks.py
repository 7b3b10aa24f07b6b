"""The clocks of a machine: a monotonic one, from an origin and at a rate of its own, and the wall's, which may jump."""

from collections.abc import Callable
from dataclasses import dataclass

from momentum.realtime.timing import Timer

from .loop import VirtualLoop

UNIX_MS = 1_800_000_000_000
"""The wall's time when a simulation begins."""


@dataclass
class Wall:
    """The wall clock of a machine. `ahead_ms`: how far it is from the truth."""

    ahead_ms: int = 0


class Clocks:
    """A Timing. `origin_us`: what the monotonic clock showed at the loop's 0; `rate`: how fast it runs, 1 is true."""

    def __init__(self, loop: VirtualLoop, wall: Wall, origin_us: int, rate: float) -> None:
        self._loop = loop
        self._wall = wall
        self._origin_us = origin_us
        self._rate = rate

    def mono_ms(self) -> int:
        return self.mono_us() // 1000

    def mono_us(self) -> int:
        return self._origin_us + round(self._loop.time() * 1e6 * self._rate)

    def unix_ms(self) -> int:
        return UNIX_MS + int(self._loop.time() * 1000) + self._wall.ahead_ms

    def call_later(self, delay_ms: int, callback: Callable[[], None]) -> Timer:
        return self._loop.call_later(delay_ms / 1000 / self._rate, callback)

    def call_soon(self, callback: Callable[[], None]) -> None:
        self._loop.call_soon(callback)

    def true_s(self, mono_ms: int) -> float:
        """When, on the loop's time, the monotonic clock began to show `mono_ms`."""
        return (mono_ms * 1000 - self._origin_us) / 1e6 / self._rate
