"""A TCP proxy that delays every byte, as a long way does."""

import argparse
import asyncio
import contextlib
from collections.abc import AsyncIterator

CHUNK = 64 * 1024


class DelayingProxy:
    """Passes connections on to `host`:`port`; every byte arrives `delay_s` later than it would, in both directions."""

    def __init__(self, host: str, port: int, delay_s: float) -> None:
        self._host = host
        self._port = port
        self._delay_s = delay_s

    @contextlib.asynccontextmanager
    async def listening(self, port: int = 0) -> AsyncIterator[int]:
        """Serve on the loopback interface; gives the port."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", port)
        async with server:
            yield server.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(self._host, self._port)
        await asyncio.gather(self._carry(reader, far_writer), self._carry(far_reader, writer))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hand on what is read, each piece after the delay; bytes that are under way do not hold up later ones."""
        loop = asyncio.get_running_loop()
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(CHUNK):
                loop.call_later(self._delay_s, writer.write, data)
        loop.call_later(self._delay_s, writer.close)


async def main() -> None:
    parser = argparse.ArgumentParser(description="Stand in front of a TCP service, as far away as you like.")
    parser.add_argument("port", type=int, help="the port of the service, on this machine")
    parser.add_argument("--listen", type=int, default=0, help="the proxy's own port (default: a free one)")
    parser.add_argument("--delay-ms", type=float, default=100, help="each way (default: 100, so 200 ms of round trip)")
    options = parser.parse_args()
    async with DelayingProxy("127.0.0.1", options.port, options.delay_ms / 1000).listening(options.listen) as port:
        print(f"127.0.0.1:{port} leads to 127.0.0.1:{options.port}, {options.delay_ms:g} ms each way")
        await asyncio.Event().wait()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main())
