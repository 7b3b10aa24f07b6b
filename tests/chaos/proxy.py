"""A proxy for TCP and unix sockets that does what networks do: switched on and off while connections run through it.

`python -m tests.chaos.proxy 8080 --delay-ms 100` stands in front of a service, to try by hand.
"""

import argparse
import asyncio
import contextlib
import socket
import struct
import threading
import time
from collections.abc import Coroutine
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

T = TypeVar("T")

CHUNK = 16 * 1024
SEGMENT = 1400
"""As on real networks. On the loopback interface it is 64 KiB, and the kernel keeps megabytes for a slow reader."""
UNDER_WAY = 16
"""Chunks that may be on their way in one direction of a connection; more wait at the sender, as with TCP."""
LOOK_EVERY_S = 0.005
SLICES_PER_S = 20
ABORT = struct.pack("ii", 1, 0)

Address = tuple[str, int] | Path
"""Host and port, or the path of a unix socket."""


@dataclass
class Way:
    """What happens to the bytes of one direction.

    delay_s: they arrive that much later. bytes_per_s: no more of them pass; 0: no bound. blackhole: nothing passes, no
    end of a connection either; what was sent meanwhile waits, as TCP would send it again. cut_after: when so many more
    have passed, on any connection, that connection is reset in both directions, once.
    """

    delay_s: float = 0.0
    bytes_per_s: int = 0
    blackhole: bool = False
    cut_after: int | None = None


class Proxy:
    """Passes connections on to `target`. A with-statement serves, in a thread of its own.

    `up`: from the clients to the target, `down`: back. `address`: where it listens. `refusing`: new connections are
    reset. `cuts`: how many connections were reset because of `cut_after`.
    """

    def __init__(self, target: Address, listen: Address = ("127.0.0.1", 0)) -> None:
        self.up, self.down = Way(), Way()
        self.refusing = False
        self.cuts = 0
        self._target = target
        self._listener = _listening(listen)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy")
        self._links: dict[_Link, asyncio.Task[None]] = {}

    def __enter__(self) -> "Proxy":
        self._thread.start()
        self._accepting = self._call(self._accept())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._accepting.cancel()
        self.reset()
        self._call(self._loop.shutdown_default_executor()).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._listener.close()
        self._loop.close()

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def folder(self) -> Path:
        """Where its unix socket is."""
        return Path(self._listener.getsockname()).parent

    @property
    def connections(self) -> int:
        return len(self._links)

    def partition(self) -> None:
        """Nothing passes in either direction."""
        self.up.blackhole = self.down.blackhole = True

    def heal(self) -> None:
        """No fault any more; what waited arrives."""
        for way in (self.up, self.down):
            way.delay_s, way.bytes_per_s, way.blackhole, way.cut_after = 0.0, 0, False, None
        self.refusing = False

    def reset(self) -> int:
        """Reset every connection, both ends of it; how many there were."""
        return self._call(self._reset(list(self._links))).result()

    def _call(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _accept(self) -> None:
        while True:
            near, _ = await self._loop.sock_accept(self._listener)
            if self.refusing:
                _abort(near)
                continue
            link = _Link(near, self._target, self)
            self._links[link] = self._loop.create_task(self._serve(link))

    async def _serve(self, link: "_Link") -> None:
        try:
            await link.run()
        finally:
            self._links.pop(link, None)

    async def _reset(self, links: "list[_Link]") -> int:
        tasks = [task for link in links if (task := self._links.get(link))]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return len(tasks)


class _Reset(Exception):
    """The connection is to be reset."""


class _Link:
    """One connection through the proxy: `near` the client, `far` the target."""

    def __init__(self, near: socket.socket, target: Address, proxy: Proxy) -> None:
        self._near = near
        self._far = _socket_for(target)
        self._target = target
        self._proxy = proxy
        self._loop = asyncio.get_running_loop()

    async def run(self) -> None:
        """From the opening to the end of both directions. Cancelled, or at any failure: both ends are reset."""
        try:
            await self._loop.sock_connect(self._far, _name(self._target))
            async with asyncio.TaskGroup() as together:
                together.create_task(self._carry(self._near, self._far, self._proxy.up))
                together.create_task(self._carry(self._far, self._near, self._proxy.down))
        except (ExceptionGroup, OSError, asyncio.CancelledError):
            _abort(self._near)
            _abort(self._far)
        finally:
            self._near.close()
            self._far.close()

    async def _carry(self, source: socket.socket, sink: socket.socket, way: Way) -> None:
        """What is read goes out after the delay; what is under way holds up nothing behind it."""
        under_way: asyncio.Queue[tuple[float, bytes] | None] = asyncio.Queue(UNDER_WAY)
        async with asyncio.TaskGroup() as together:
            together.create_task(self._read(source, under_way, way))
            while (piece := await under_way.get()) is not None:
                due, data = piece
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                await self._pass(data, sink, way)
            await self._until_open(way)
            with contextlib.suppress(OSError):
                sink.shutdown(socket.SHUT_WR)

    async def _read(
        self, source: socket.socket, under_way: "asyncio.Queue[tuple[float, bytes] | None]", way: Way
    ) -> None:
        try:
            while data := await self._loop.sock_recv(source, _at_once(way)):
                await under_way.put((time.monotonic() + way.delay_s, data))
            await under_way.put(None)
        except ConnectionError:
            await self._until_open(way)
            raise

    async def _pass(self, data: bytes, sink: socket.socket, way: Way) -> None:
        while data:
            await self._until_open(way)
            piece = data[: _at_once(way)]
            if way.bytes_per_s:
                await asyncio.sleep(len(piece) / way.bytes_per_s)
            await self._send_or_cut(piece, sink, way)
            data = data[len(piece) :]

    async def _send_or_cut(self, piece: bytes, sink: socket.socket, way: Way) -> None:
        if way.cut_after is None:
            return await self._loop.sock_sendall(sink, piece)
        allowed = piece[: way.cut_after]
        way.cut_after -= len(allowed)
        cut = len(allowed) < len(piece)
        if cut:
            way.cut_after = None
        await self._loop.sock_sendall(sink, allowed)
        if cut:
            self._proxy.cuts += 1
            raise _Reset

    async def _until_open(self, way: Way) -> None:
        while way.blackhole:  # noqa: ASYNC110 (switched by another thread)
            await asyncio.sleep(LOOK_EVERY_S)


def _at_once(way: Way) -> int:
    """How many bytes pass together."""
    return max(1, way.bytes_per_s // SLICES_PER_S) if way.bytes_per_s else CHUNK


def _socket_for(address: Address) -> socket.socket:
    made = socket.socket(socket.AF_UNIX if isinstance(address, Path) else socket.AF_INET)
    made.setblocking(False)
    if not isinstance(address, Path):
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2 * CHUNK)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT)
    return made


def _name(address: Address) -> Any:
    return str(address) if isinstance(address, Path) else address


def _listening(address: Address) -> socket.socket:
    listener = _socket_for(address)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # on a unix socket without effect
    listener.bind(_name(address))
    listener.listen(4096)
    return listener


def _abort(connection: socket.socket) -> None:
    """Close with a reset; without effect on one that is closed."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
    connection.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="Stand in front of a TCP service, as far away as you like.")
    parser.add_argument("port", type=int, help="the port of the service, on this machine")
    parser.add_argument("--listen", type=int, default=0, help="the proxy's own port (default: a free one)")
    parser.add_argument("--delay-ms", type=float, default=100, help="each way (default: 100, so 200 ms of round trip)")
    options = parser.parse_args()
    with Proxy(("127.0.0.1", options.port), ("127.0.0.1", options.listen)) as proxy:
        proxy.up.delay_s = proxy.down.delay_s = options.delay_ms / 1000
        print(f"127.0.0.1:{proxy.port} leads to 127.0.0.1:{options.port}, {options.delay_ms:g} ms each way")  # noqa: T201
        threading.Event().wait()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
