"""Pings: whether a socket lives, and the smallest round trip it has shown."""

import struct

from momentum.game.scoring import MAX_CREDIT_MS

_PAYLOAD = struct.Struct("!Q")
WARM_UP = 4
"""Right after admission a few pings go out one after the other, so that the first answer already has its credit."""


class RoundTrips:
    """One socket's pings. Instants are monotonic microseconds; what a client says about time is never read."""

    __slots__ = ("_best_us", "_count", "_sent_us", "_waiting")

    def __init__(self) -> None:
        self._sent_us = 0
        self._waiting = False
        self._count = 0
        self._best_us: int | None = None

    @property
    def waiting(self) -> bool:
        """A ping has no answer yet."""
        return self._waiting

    @property
    def warming_up(self) -> bool:
        """Another ping should go out as soon as the last one is answered."""
        return self._count < WARM_UP

    def waited_us(self, mono_us: int) -> int:
        """For how long the last ping has had no answer."""
        return mono_us - self._sent_us if self._waiting else 0

    @property
    def credit_ms(self) -> int:
        """What the network is due: the smallest round trip, within bounds; 0 while none is known."""
        return 0 if self._best_us is None else min(self._best_us // 1000, MAX_CREDIT_MS)

    def ping(self, mono_us: int) -> bytes:
        """The payload of a ping that goes out now."""
        self._sent_us, self._waiting = mono_us, True
        self._count += 1
        return _PAYLOAD.pack(mono_us)

    def pong(self, payload: bytes, mono_us: int) -> bool:
        """Take a pong. False: it answers no ping that waits for one."""
        if not self._waiting or payload != _PAYLOAD.pack(self._sent_us):
            return False
        self._waiting = False
        took = mono_us - self._sent_us
        self._best_us = took if self._best_us is None else min(self._best_us, took)
        return True
