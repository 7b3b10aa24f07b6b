"""What a supervisor and its services print, line by line, without ever making them wait.

A terminal can be paused, and a pipe's reader can be slow. A service that had to wait for them would stop playing games,
so lines wait in a bounded queue and are dropped when it is full; how many were dropped is said afterwards.
"""

import asyncio
import queue
import threading
from collections.abc import AsyncIterator
from typing import TextIO

WAITING_LINES = 10_000
LONGEST_LINE = 64 * 1024


class Output:
    """Prints whole lines to `stream` from a thread of its own."""

    def __init__(self, stream: TextIO, waiting_lines: int = WAITING_LINES) -> None:
        self._stream = stream
        self._lines: queue.Queue[str | None] = queue.Queue(waiting_lines)
        self._dropped = 0
        self._thread = threading.Thread(target=self._print_all, name="output", daemon=True)
        self._thread.start()

    def say(self, text: str) -> None:
        """Print `text`, one or several lines; never waits."""
        try:
            self._lines.put_nowait(text)
        except queue.Full:
            self._dropped += 1

    async def pass_on(self, name: str, reader: asyncio.StreamReader) -> None:
        """Print what `reader` gives, each line behind `name`, until its end."""
        prefix = f"{name:<9}| "
        async for line in lines(reader):
            self.say(prefix + line)

    def close(self, patience_s: float = 1.0) -> None:
        """Print what still waits, for at most `patience_s` seconds."""
        try:
            self._lines.put(None, timeout=patience_s)
        except queue.Full:
            return
        self._thread.join(patience_s)

    def _print_all(self) -> None:
        while (text := self._lines.get()) is not None:
            if dropped := self._dropped:
                self._dropped -= dropped
                text = f"({dropped} lines were left out: they came faster than this could be printed)\n{text}"
            try:
                self._stream.write(text + "\n")
                self._stream.flush()
            except (OSError, ValueError):
                pass  # nobody reads any more; the services go on


async def lines(reader: asyncio.StreamReader) -> AsyncIterator[str]:
    """The lines of `reader`, without their ends; a longer one than LONGEST_LINE comes in pieces."""
    rest = b""
    while chunk := await reader.read(LONGEST_LINE):
        *whole, rest = (rest + chunk).split(b"\n")
        if len(rest) >= LONGEST_LINE:
            whole, rest = [*whole, rest], b""
        for line in whole:
            yield line.decode(errors="replace").rstrip("\r")
    if rest:
        yield rest.decode(errors="replace")
