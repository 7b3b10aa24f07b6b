"""HTTP and WebSocket by hand-made bytes: a client that can do everything wrong."""

import asyncio
import base64
import os
import struct
from types import TracebackType
from typing import Any, NamedTuple, Self

import msgspec

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
PATIENCE_S = 10.0


class Frame(NamedTuple):
    opcode: int
    payload: bytes
    fin: bool = True


def frame(opcode: int, payload: bytes = b"", *, fin: bool = True, rsv: int = 0, masked: bool = True) -> bytes:
    """A frame as a client sends it. `rsv`: the three reserved bits as a number."""
    first = (0x80 if fin else 0) | (rsv << 4) | opcode
    length, flag = len(payload), 0x80 if masked else 0
    if length < 126:
        head = bytes((first, flag | length))
    elif length < 65_536:
        head = struct.pack("!BBH", first, flag | 126, length)
    else:
        head = struct.pack("!BBQ", first, flag | 127, length)
    if not masked:
        return head + payload
    mask = os.urandom(4)
    return head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))


def text(**message: Any) -> bytes:
    """A message in one frame."""
    return frame(TEXT, msgspec.json.encode(message))


def closing(code: int, reason: bytes = b"") -> bytes:
    return frame(CLOSE, struct.pack("!H", code) + reason)


def head(path: str, *more: str, method: str = "GET", version: str = "HTTP/1.1", without: str = "") -> bytes:
    """An upgrade request. `without`: the name of a header to leave out; `more`: headers to add, or to put instead."""
    headers = {
        "Host": "127.0.0.1",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
        "Sec-WebSocket-Version": "13",
    }
    headers |= dict(header.split(": ", 1) for header in more)
    headers.pop(without, None)
    lines = [f"{method} {path} {version}", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Raw:
    """A connection. Reading ends with an error after PATIENCE_S: no test hangs."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.reader: asyncio.StreamReader
        self.writer: asyncio.StreamWriter

    async def __aenter__(self) -> Self:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self._port)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.writer.transport.abort()
        await asyncio.sleep(0)

    def send(self, data: bytes) -> None:
        """Write, whether or not the server has hung up."""
        if not self.writer.is_closing():
            self.writer.write(data)

    async def head(self) -> tuple[int, str]:
        """The answer's status and head."""
        async with asyncio.timeout(PATIENCE_S):
            answer = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        return int(answer.split(" ", 2)[1]), answer

    async def upgrade(self, path: str, *more: str) -> None:
        self.send(head(path, *more))
        status, answer = await self.head()
        assert status == 101, answer

    async def frame(self) -> Frame:
        """The next frame from the server."""
        async with asyncio.timeout(PATIENCE_S):
            first, second = await self.reader.readexactly(2)
            assert not first & 0x70, "the server has set a reserved bit"
            assert not second & 0x80, "the server has masked a frame"
            length = second & 0x7F
            if length == 126:
                length = struct.unpack("!H", await self.reader.readexactly(2))[0]
            elif length == 127:
                length = struct.unpack("!Q", await self.reader.readexactly(8))[0]
            return Frame(first & 0x0F, await self.reader.readexactly(length), bool(first & 0x80))

    async def message(self) -> dict[str, Any]:
        """The next text message; pings on the way are answered."""
        while (got := await self.frame()).opcode == PING:
            self.send(frame(PONG, got.payload))
        assert got.opcode == TEXT, got
        message: dict[str, Any] = msgspec.json.decode(got.payload)
        return message

    async def until(self, kind: str) -> dict[str, Any]:
        """The payload of the next message of this type."""
        while (message := await self.message())["type"] != kind:
            pass
        payload: dict[str, Any] = message["payload"]
        return payload

    async def close_code(self) -> int:
        """The code with which the server closes; the connection ends after it."""
        while (got := await self.frame()).opcode != CLOSE:
            pass
        code: int = struct.unpack("!H", got.payload[:2])[0]
        self.send(closing(code))
        await self.ended()
        return code

    async def ended(self) -> bytes:
        """What still comes until the server hangs up."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await self.reader.read()
        except ConnectionError:
            return b""
