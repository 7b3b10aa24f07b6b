"""The bounds of realtime, each with what happens at it. Handed in whole; the defaults are those of the reference."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Sizes in bytes, times in milliseconds.

    max_frame: longer messages close with 1009. max_head, head_ms: a request's head that is larger or slower is hung up
    on; head_ms is also how long an HTTP connection may idle. messages_per_s, burst: more frames close with 4429.
    max_unread: what may wait for a slow reader, which is closed with 4430. authentication_ms: without a token by then,
    4408. max_sockets: beyond, the handshake gets 503. max_unauthenticated: of sockets without a token and of HTTP
    connections, each; beyond, 503; of connections without a head, where the oldest is hung up on. ping_every_ms: a ping
    unanswered at the next one closes with 4431. max_games_per_host: beyond, 409.
    """

    max_frame: int = 4096
    max_head: int = 8192
    head_ms: int = 5_000
    messages_per_s: int = 10
    burst: int = 20
    max_unread: int = 256 * 1024
    authentication_ms: int = 5_000
    max_unauthenticated: int = 1_000
    max_sockets: int = 20_000
    ping_every_ms: int = 9_000
    max_games_per_host: int = 5


class Bucket:
    """A token bucket, refilled by the clock that is handed in."""

    __slots__ = ("_burst", "_level", "_per_ms", "_seen")

    def __init__(self, per_s: int, burst: int, mono_ms: int) -> None:
        self._per_ms = per_s / 1000
        self._burst = burst
        self._level = float(burst)
        self._seen = mono_ms

    def take(self, mono_ms: int) -> bool:
        """False: the bucket is empty."""
        self._level = min(self._burst, self._level + (mono_ms - self._seen) * self._per_ms)
        self._seen = mono_ms
        if self._level < 1:
            return False
        self._level -= 1
        return True
