"""One write per client and turn of the event loop: the frames of a turn are joined.

The bound: what the kernel does not take at once waits in the transport; above Limits.max_unread the client is closed.
"""

import struct
from collections.abc import Callable
from typing import Protocol

import structlog

from momentum.realtime import metrics
from momentum.realtime.timing import Timing

log = structlog.get_logger(__name__)


def text_frame(payload: bytes) -> bytes:
    """An unmasked, unfragmented text frame (RFC 6455, 5.2)."""
    length = len(payload)
    if length < 126:
        return b"\x81" + bytes((length,)) + payload
    if length < 65_536:
        return struct.pack("!BBH", 0x81, 126, length) + payload
    return struct.pack("!BBQ", 0x81, 127, length) + payload


class Sink(Protocol):
    def write(self, data: bytes) -> None: ...


class Outbox:
    """The frames that one client is to be written in this turn. `written` is called after each write."""

    __slots__ = ("_flusher", "_frames", "_sink", "written")

    def __init__(self, sink: Sink, flusher: "Flusher") -> None:
        self._sink = sink
        self._flusher = flusher
        self._frames: list[bytes] = []
        self.written: Callable[[], None] | None = None

    def put(self, payload: bytes) -> None:
        if not self._frames:
            self._flusher.touch(self)
        self._frames.append(text_frame(payload))

    def flush(self) -> None:
        if not self._frames:
            return
        frames, self._frames = self._frames, []
        self._sink.write(frames[0] if len(frames) == 1 else b"".join(frames))
        metrics.FLUSHES.inc()
        if self.written is not None:
            self.written()


class Flusher:
    """All outboxes of a node that have something to send. One that cannot be written spoils no other."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._touched: list[Outbox] = []

    def touch(self, outbox: Outbox) -> None:
        if not self._touched:
            self._timing.call_soon(self.flush)
        self._touched.append(outbox)

    def flush(self) -> None:
        touched, self._touched = self._touched, []
        for outbox in touched:
            try:
                outbox.flush()
            except Exception:
                log.exception("write_failed")
