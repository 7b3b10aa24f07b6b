"""One port for HTTP and WebSocket: reads a request's head and hands the connection to whom it is for.

WebSocket upgrades go to picows, everything else to aiohttp's server. A head that does not come whole in time, or is too
large, is hung up on; so neither of the two ever waits for one.
"""

import asyncio
import re
from collections.abc import Callable
from typing import cast

from momentum.realtime.limits import Limits

HEAD_END = b"\r\n\r\n"
UPGRADE_PATH = b"GET /ws/"
_UPGRADE = re.compile(rb"\r\nupgrade:[ \t]*websocket[ \t]*\r\n", re.IGNORECASE)
_CONNECTION = re.compile(rb"\r\nconnection:[^\r\n]*\bupgrade\b[^\r\n]*\r\n", re.IGNORECASE)
BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nConnection: close\r\nContent-Type: text/plain\r\n"
    b"Content-Length: 41\r\n\r\nThe server is full. Try again in a while.\n"[:-1]
)


class FrontDoor(asyncio.Protocol):
    """`has_room`: whether one more socket may be opened now."""

    def __init__(
        self,
        *,
        websocket: Callable[[], asyncio.BufferedProtocol],
        http: Callable[[], asyncio.Protocol],
        has_room: Callable[[], bool],
        limits: Limits,
    ) -> None:
        self._websocket = websocket
        self._http = http
        self._has_room = has_room
        self._limits = limits
        self._head = b""
        self._transport: asyncio.Transport
        self._patience: asyncio.TimerHandle

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        loop = asyncio.get_running_loop()
        self._patience = loop.call_later(self._limits.head_ms / 1000, self._transport.abort)

    def data_received(self, data: bytes) -> None:
        self._head += data
        if HEAD_END in self._head:
            self._patience.cancel()
            self._hand_over()
        elif len(self._head) > self._limits.max_head:
            self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._patience.cancel()

    def _hand_over(self) -> None:
        if not (self._head.startswith(UPGRADE_PATH) and _UPGRADE.search(self._head)):
            self._to_http()
        elif self._has_room():
            self._to_websocket()
        else:
            self._transport.write(BUSY)
            self._transport.close()

    def _to_http(self) -> None:
        protocol = self._http()
        self._transport.set_protocol(protocol)
        protocol.connection_made(self._transport)
        protocol.data_received(self._head)

    def _to_websocket(self) -> None:
        """picows takes "Connection: Upgrade" alone; Firefox sends "keep-alive, Upgrade"."""
        head = _CONNECTION.sub(b"\r\nConnection: Upgrade\r\n", self._head, count=1)
        protocol = self._websocket()
        self._transport.set_protocol(protocol)
        protocol.connection_made(self._transport)
        while head:
            buffer = memoryview(protocol.get_buffer(len(head)))
            taken = min(len(buffer), len(head))
            buffer[:taken] = head[:taken]
            protocol.buffer_updated(taken)
            head = head[taken:]
