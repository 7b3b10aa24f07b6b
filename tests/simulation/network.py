"""Connections between clients and nodes, with the time they take and what goes wrong with them.

A node's end is what picows gives a Socket; a client's end is what a browser gives a page.
"""

import struct
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol

import msgspec
from picows import WSMsgType
from tests.realtime.fakes import Message, text_payloads

from .loop import Process, VirtualLoop

ABNORMAL = 1006
"""What a page hears where no closing frame came."""
FOREVER = float("inf")
NEXT_S = 1e-7
"""What arrives in order does not arrive at the same time: timers of the same moment have no order."""


class Page(Protocol):
    """What a client does about its socket."""

    def opened(self) -> None: ...

    def heard(self, message: Message) -> None: ...

    def closed(self, code: int) -> None: ...


class Listener(Protocol):
    """What a node does about its end: momentum.realtime.socket.Socket."""

    def on_ws_connected(self, transport: Any) -> None: ...

    def on_ws_frame(self, transport: Any, frame: Any) -> None: ...

    def on_ws_disconnected(self, transport: Any) -> None: ...

    def pause_writing(self) -> None: ...


@dataclass
class Frame:
    """As picows hands it over."""

    msg_type: WSMsgType
    payload: bytes
    fin: bool = True
    rsv1: bool = False
    rsv2: bool = False
    rsv3: bool = False

    def get_payload_as_bytes(self) -> bytes:
        return self.payload


class Pipe:
    """One direction of a connection: in order, each thing after a while. `stalled_until`: nothing arrives before."""

    def __init__(self, loop: VirtualLoop, random: Random, delay_s: tuple[float, float]) -> None:
        self.stalled_until = 0.0
        self._loop = loop
        self._random = random
        self._delay_s = delay_s
        self._latest = 0.0

    def carry(self, context: Any, callback: Callable[..., object], *args: object) -> None:
        arrives = self._loop.time() + self._random.uniform(*self._delay_s)
        self._latest = max(arrives, self._latest + NEXT_S, self.stalled_until)
        if self._latest < FOREVER:
            self._loop.at(self._latest, context, callback, *args)


class Connection:
    """Of a page to a machine. `process`: what has accepted it. `wire`: told of each message that the node writes.
    `reading` false: the client reads nothing any more."""

    process: Process

    def __init__(
        self,
        loop: VirtualLoop,
        page: Page,
        random: Random,
        delay_s: tuple[float, float],
        wire: Callable[[Message], None],
    ) -> None:
        self.up = Pipe(loop, random, delay_s)
        self.down = Pipe(loop, random, delay_s)
        self.reading = True
        self.node_end = NodeEnd(self, wire)
        self._page: Page | None = page
        self._world = copy_context()
        self._listener: Listener | None = None
        self._losing = False

    @property
    def open_at_node(self) -> bool:
        return self._listener is not None

    @property
    def open_at_client(self) -> bool:
        return self._page is not None

    # The client's end

    def send(self, text: bytes) -> None:
        self._to_node(WSMsgType.TEXT, text)

    def abandon(self) -> None:
        """The page wants no more of this socket."""
        self._page = None
        if self._listener is not None:
            self._to_node(WSMsgType.CLOSE, struct.pack("!H", 1000))

    # Both

    def accept(self, listener: Listener) -> None:
        """The node has taken the connection."""
        self._listener = listener
        listener.on_ws_connected(self.node_end)
        self.to_client(_open)

    def refuse(self) -> None:
        self.to_client(self._over_at_client, ABNORMAL)

    def cut(self, *, losing: bool = False) -> None:
        """The connection ends, and both ends get to know. `losing`: what is on its way never arrives."""
        self._losing |= losing  # what was lost stays lost, whoever else ends it
        self.up.carry(self.process.context, self._over_at_node)
        self.down.carry(self._world, self._over_at_client, self._page, ABNORMAL)

    def stall(self, *, up_until: float = 0.0, down_until: float = 0.0) -> None:
        """Nothing arrives, in a direction or both, until then; nobody gets to know."""
        self.up.stalled_until = max(self.up.stalled_until, up_until)
        self.down.stalled_until = max(self.down.stalled_until, down_until)

    def to_client(self, do: Callable[..., object], *args: object) -> None:
        self.down.carry(self._world, self._at_client, do, *args)

    def _at_client(self, do: Callable[..., object], *args: object) -> None:
        if self._page is not None and not self._losing:
            do(self._page, *args)

    def _over_at_client(self, page: Page | None, code: int) -> None:
        if page is not None and page is self._page:
            self._page = None
            page.closed(code)

    def close_client(self, code: int) -> None:
        """A closing frame is on its way to the client, whose browser answers it."""
        self.to_client(self._closed_by_node, code)

    def _closed_by_node(self, page: Page, code: int) -> None:
        self._over_at_client(page, code)
        self._to_node(WSMsgType.CLOSE, struct.pack("!H", code))

    def pong(self, page: Page, payload: bytes) -> None:
        self._to_node(WSMsgType.PONG, payload)

    def _to_node(self, kind: WSMsgType, payload: bytes) -> None:
        self.up.carry(self.process.context, self._at_node, Frame(kind, payload))

    def _at_node(self, frame: Frame) -> None:
        if self._listener is not None and not self._losing:
            self._listener.on_ws_frame(self.node_end, frame)

    def _over_at_node(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.on_ws_disconnected(self.node_end)

    def overfull(self) -> None:
        if self._listener is not None:
            self._listener.pause_writing()


def _open(page: Page) -> None:
    page.opened()


def _hear(page: Page, message: Message) -> None:
    page.heard(message)


class NodeEnd:
    """picows' WSTransport, and the transport under it."""

    def __init__(self, connection: Connection, wire: Callable[[Message], None]) -> None:
        self.is_close_frame_sent = False
        self._connection = connection
        self._wire = wire
        self._gone = False
        self._unread = 0
        self._most_unread = 0

    @property
    def underlying_transport(self) -> "NodeEnd":
        return self

    def set_write_buffer_limits(self, high: int) -> None:
        self._most_unread = high

    def is_closing(self) -> bool:
        return self._gone or not self._connection.open_at_node

    def write(self, data: bytes) -> None:
        for text in text_payloads(data):
            message = msgspec.json.decode(text)
            self._wire(message)
            if self._connection.reading:
                self._connection.to_client(_hear, message)
        if not self._connection.reading:
            self._unread += len(data)
            if self._unread > self._most_unread:
                self._connection.overfull()

    def send_ping(self, payload: bytes) -> None:
        if self._connection.reading:
            self._connection.to_client(self._connection.pong, payload)

    def send_pong(self, payload: bytes) -> None:
        pass

    def send_close(self, code: Any, reason: bytes = b"") -> None:
        self.is_close_frame_sent = True
        if self._connection.reading:
            self._connection.close_client(int(code))

    def disconnect(self, graceful: bool = True) -> None:
        if not self._gone:
            self._gone = True
            self._connection.cut()
