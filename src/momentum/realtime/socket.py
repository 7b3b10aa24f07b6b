"""A WebSocket connection on picows, with what picows leaves to us: reserved bits, fragments, binary, close codes."""

import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

import structlog
from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport

from momentum.protocol.close_codes import CloseCode
from momentum.realtime.client import Client
from momentum.realtime.limits import Limits
from momentum.realtime.timing import Timing

log = structlog.get_logger(__name__)

CLOSING_MS = 1_000
"""How long a client may take to answer a closing handshake, or to read what is left."""


class Socket(WSListener):
    """`opened` makes the client of this socket; `gone` is called once, after the client knows."""

    def __init__(
        self, opened: "Callable[[Socket], Client]", gone: Callable[[Client], None], limits: Limits, timing: Timing
    ) -> None:
        self._opened = opened
        self._gone = gone
        self._limits = limits
        self._timing = timing
        self._fragments: bytearray | None = None
        self._left = False
        self._client: Client
        self._transport: WSTransport

    # What a client needs of its transport

    def write(self, data: bytes) -> None:
        if not self._ending:
            self._transport.underlying_transport.write(data)

    def ping(self, payload: bytes) -> None:
        if self._ending:
            self._hang_up()
        else:
            self._transport.send_ping(payload)

    def close(self, code: int, reason: str) -> None:
        if not self._ending:
            self._transport.send_close(cast(WSCloseCode, code), reason.encode())
            self._transport.underlying_transport.set_write_buffer_limits(high=2 * self._limits.max_unread)
        self._hang_up_soon()

    @property
    def _ending(self) -> bool:
        """Nothing may be written any more: a close frame has been sent, by us or by picows, or the connection has
        ended and `on_ws_disconnected` comes in a later turn."""
        return self._transport.is_close_frame_sent or self._transport.underlying_transport.is_closing()

    def _hang_up_soon(self) -> None:
        self._timing.call_later(CLOSING_MS, self._hang_up)

    def _hang_up(self) -> None:
        self._transport.disconnect(False)

    # What picows calls

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport
        transport.underlying_transport.set_write_buffer_limits(high=self._limits.max_unread)
        with self._failing_alone():
            self._client = self._opened(self)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        with self._failing_alone():
            if frame.msg_type == WSMsgType.CLOSE:
                self._closed_by_client(frame)
            elif not self._client.closed:
                self._hear(frame)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._leave()

    def pause_writing(self) -> None:
        """The client reads too slowly: its bound is reached. Others never wait for it."""
        self._client.close(CloseCode.SLOW)
        self._timing.call_soon(self._hang_up)

    def resume_writing(self) -> None:
        pass

    # Frames

    def _hear(self, frame: WSFrame) -> None:
        kind = frame.msg_type
        if frame.rsv1 or frame.rsv2 or frame.rsv3:
            self._client.close(CloseCode.PROTOCOL_ERROR)
        elif kind == WSMsgType.TEXT and frame.fin and self._fragments is None:
            self._client.receive(frame.get_payload_as_bytes())
        elif kind in (WSMsgType.TEXT, WSMsgType.CONTINUATION):
            self._fragment(frame, first=kind == WSMsgType.TEXT)
        elif kind == WSMsgType.PING:
            if self._client.may_speak():
                self._transport.send_pong(frame.get_payload_as_bytes())
        elif kind == WSMsgType.PONG:
            self._client.ponged(frame.get_payload_as_bytes())
        else:
            self._client.close(CloseCode.BAD_MESSAGE)

    def _fragment(self, frame: WSFrame, *, first: bool) -> None:
        if first == (self._fragments is not None):
            return self._client.close(CloseCode.PROTOCOL_ERROR)
        gathered = bytearray() if self._fragments is None else self._fragments
        gathered += frame.get_payload_as_bytes()
        if len(gathered) > self._limits.max_frame:
            self._client.close(CloseCode.TOO_BIG)
        elif frame.fin:
            self._fragments = None
            self._client.receive(bytes(gathered))
        elif self._client.may_speak():
            self._fragments = gathered

    def _closed_by_client(self, frame: WSFrame) -> None:
        """Answer with the client's own code, and be done with it."""
        payload = frame.get_payload_as_bytes()
        code = struct.unpack("!H", payload[:2])[0] if payload else CloseCode.NORMAL.code
        self._leave()
        if not self._ending:
            self._transport.send_close(cast(WSCloseCode, code if _may_be_sent(code) else CloseCode.PROTOCOL_ERROR.code))
        self._transport.disconnect()
        self._hang_up_soon()

    def _leave(self) -> None:
        if not self._left:
            self._left = True
            self._client.disconnected()
            self._gone(self._client)

    @contextmanager
    def _failing_alone(self) -> Iterator[None]:
        """A defect closes this socket and no other."""
        try:
            yield
        except Exception:
            log.exception("socket_failed")
            self.close(CloseCode.SERVER_ERROR.code, CloseCode.SERVER_ERROR.reason)


def _may_be_sent(code: int) -> bool:
    """RFC 6455, 7.4: whether a close frame may carry this code."""
    return 1000 <= code <= 1003 or 1007 <= code <= 1014 or 3000 <= code <= 4999
