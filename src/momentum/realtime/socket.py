"""A WebSocket connection on picows, with the checks that picows leaves to us: reserved bits, fragments, binary."""

from collections.abc import Callable
from typing import cast

from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport

from momentum.protocol.close_codes import CloseCode
from momentum.realtime.client import Client
from momentum.realtime.limits import Limits
from momentum.realtime.timing import Timing

CLOSING_MS = 1_000
"""How long a client may take to answer a closing handshake."""


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
        self._client: Client
        self._transport: WSTransport

    # What a client needs of its transport

    def write(self, data: bytes) -> None:
        if not self._hung_up:
            self._transport.underlying_transport.write(data)

    def ping(self, payload: bytes) -> None:
        if not self._hung_up:
            self._transport.send_ping(payload)

    def close(self, code: int, reason: str) -> None:
        if self._hung_up:
            return
        self._transport.send_close(cast(WSCloseCode, code), reason.encode())
        self._transport.underlying_transport.set_write_buffer_limits(high=2 * self._limits.max_unread)
        self._timing.call_later(CLOSING_MS, self._hang_up)

    def _hang_up(self) -> None:
        self._transport.disconnect(False)

    @property
    def _hung_up(self) -> bool:
        """The connection has ended; `on_ws_disconnected` comes in a later turn. A write would raise now."""
        return bool(self._transport.underlying_transport.is_closing())

    # What picows calls

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport
        transport.underlying_transport.set_write_buffer_limits(high=self._limits.max_unread)
        self._client = self._opened(self)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.rsv1 or frame.rsv2 or frame.rsv3:
            return self._client.close(CloseCode.PROTOCOL_ERROR)
        kind = frame.msg_type
        if kind == WSMsgType.TEXT and frame.fin and self._fragments is None:
            self._client.receive(frame.get_payload_as_bytes())
        elif kind in (WSMsgType.TEXT, WSMsgType.CONTINUATION):
            self._fragment(frame, first=kind == WSMsgType.TEXT)
        elif kind == WSMsgType.PONG:
            self._client.ponged(frame.get_payload_as_bytes())
        elif kind == WSMsgType.CLOSE:
            self._closed_by_client(transport, frame)
        elif kind == WSMsgType.BINARY:
            self._client.close(CloseCode.BAD_MESSAGE)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._client.disconnected()
        self._gone(self._client)

    def pause_writing(self) -> None:
        """The client reads too slowly: its bound is reached. Others never wait for it."""
        self._client.close(CloseCode.SLOW)
        self._timing.call_soon(self._hang_up)

    def resume_writing(self) -> None:
        pass

    def _fragment(self, frame: WSFrame, *, first: bool) -> None:
        if first == (self._fragments is not None):
            return self._client.close(CloseCode.PROTOCOL_ERROR)
        gathered = bytearray() if self._fragments is None else self._fragments
        gathered += frame.get_payload_as_bytes()
        self._fragments = gathered
        if len(gathered) > self._limits.max_frame:
            return self._client.close(CloseCode.TOO_BIG)
        if frame.fin:
            self._fragments = None
            self._client.receive(bytes(gathered))

    def _closed_by_client(self, transport: WSTransport, frame: WSFrame) -> None:
        if not transport.is_close_frame_sent:
            transport.send_close(WSCloseCode.OK)
        transport.disconnect()
