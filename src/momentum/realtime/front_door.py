"""One port for HTTP and WebSocket: reads a request's head and hands the connection to whom it is for.

WebSocket upgrades go to picows, everything else to aiohttp's server. A head that does not come whole in time, or is too
large, is hung up on; so neither of the two ever waits for one. Where too many stand here without a head, the one that
has had the most time goes.
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
_FULL = b"The server is full. Try again in a while.\n"
BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nConnection: close\r\nContent-Type: text/plain\r\n"
    b"Content-Length: %d\r\n\r\n%b" % (len(_FULL), _FULL)
)


class FrontDoor(asyncio.Protocol):
    """`has_room`: whether one more socket may be opened now; `answers_calls`: whether one more HTTP connection may.
    `others`: the connections that stand here too, oldest first."""

    def __init__(
        self,
        *,
        websocket: Callable[[], asyncio.BufferedProtocol],
        http: Callable[[], asyncio.Protocol],
        has_room: Callable[[], bool],
        answers_calls: Callable[[], bool],
        others: "dict[FrontDoor, None]",
        limits: Limits,
    ) -> None:
        self._websocket = websocket
        self._http = http
        self._has_room = has_room
        self._answers_calls = answers_calls
        self._others = others
        self._limits = limits
        self._data = b""
        self._transport: asyncio.Transport
        self._patience: asyncio.TimerHandle

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._patience = asyncio.get_running_loop().call_later(self._limits.head_ms / 1000, self.hang_up)
        self._others[self] = None
        if len(self._others) > self._limits.max_unauthenticated:
            next(iter(self._others)).hang_up()

    def data_received(self, data: bytes) -> None:
        self._data += data
        end = self._data.find(HEAD_END)
        if max(end, 0 if end >= 0 else len(self._data)) > self._limits.max_head:
            self.hang_up()
        elif end >= 0:
            self._leave()
            self._hand_over(self._data[: end + 2])

    def connection_lost(self, exc: Exception | None) -> None:
        self._leave()

    def hang_up(self) -> None:
        """Without an answer."""
        self._leave()
        self._transport.abort()

    def _leave(self) -> None:
        self._patience.cancel()
        self._others.pop(self, None)

    def _hand_over(self, head: bytes) -> None:
        if head.startswith(UPGRADE_PATH) and _UPGRADE.search(head):
            self._enter(self._has_room(), self._to_websocket)
        else:
            self._enter(self._answers_calls(), self._to_http)

    def _enter(self, room: bool, hand_over: Callable[[], None]) -> None:
        if room:
            hand_over()
        else:
            self._transport.write(BUSY)
            self._transport.close()

    def _to_http(self) -> None:
        protocol = self._http()
        self._transport.set_protocol(protocol)
        protocol.connection_made(self._transport)
        protocol.data_received(self._data)

    def _to_websocket(self) -> None:
        """picows takes "Connection: Upgrade" alone; Firefox sends "keep-alive, Upgrade"."""
        data = _CONNECTION.sub(b"\r\nConnection: Upgrade\r\n", self._data, count=1)
        protocol = self._websocket()
        self._transport.set_protocol(protocol)
        protocol.connection_made(self._transport)
        while data:
            buffer = memoryview(protocol.get_buffer(len(data)))
            taken = min(len(buffer), len(data))
            buffer[:taken] = data[:taken]
            protocol.buffer_updated(taken)
            data = data[taken:]
