"""Keeps one service running: starts it, starts it again when it ends, ends it when told to."""

import asyncio
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress

from momentum.wiring import lifeline, probe
from momentum.wiring.output import Output
from momentum.wiring.services import Service

FIRST_DELAY_S = 0.2
LONGEST_DELAY_S = 5.0
PROVEN_AFTER_S = 10.0
ASK_EVERY_S = 0.05


class Backoff:
    """How long to wait before a service is started again: not at all the first time, then longer and longer.

    A service that was ready, or ran for PROVEN_AFTER_S, begins anew: however often it is killed, it is back at once.
    """

    def __init__(self) -> None:
        self._failures = 0

    def delay_after_end(self, *, proven: bool) -> float:
        """Seconds to wait now that the service has ended."""
        self._failures = 0 if proven else self._failures + 1
        if self._failures <= 1:
            return 0.0
        return float(min(LONGEST_DELAY_S, FIRST_DELAY_S * 2 ** (self._failures - 2)))


class Keeper:
    """Keeps `service` running until `stop`. `ready` is set while it answers."""

    def __init__(self, service: Service, environ: Mapping[str, str], lifeline_end: int, output: Output) -> None:
        self.service = service
        self.ready = asyncio.Event()
        self._environ = {**environ, lifeline.VARIABLE: str(lifeline_end), "PYTHONUNBUFFERED": "1"}
        self._lifeline_end = lifeline_end
        self._output = output
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = asyncio.Event()

    async def keep(self) -> None:
        """Run the service again and again; returns after `stop`."""
        backoff = Backoff()
        while not self._stopping.is_set():
            proven = await self._run_once()
            if self._stopping.is_set():
                return
            delay = backoff.delay_after_end(proven=proven)
            again = f"in {delay:.1f} s" if delay else "at once"
            self._output.say(f"momentum | {self.service.name} {self._how_it_ended()}; it is started again {again}")
            await self._pause(delay)

    async def stop(self, patience_s: float) -> None:
        """Ask the service to end, and make it end when it has not after `patience_s` seconds."""
        self._stopping.set()
        process = self._process
        if process is None or process.returncode is not None:
            return
        self._signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(patience_s):
                await process.wait()
        except TimeoutError:
            self._output.say(f"momentum | {self.service.name} did not end within {patience_s:g} s and was killed")
            self.kill()
            await process.wait()

    def kill(self) -> None:
        """End the service at once."""
        self._signal(signal.SIGKILL)

    async def _run_once(self) -> bool:
        """From a start to the end that follows; true when the service had proven that it can work."""
        started = time.monotonic()
        self._process = await self._start()
        if self._stopping.is_set():
            self._signal(signal.SIGTERM)
        assert self._process.stdout
        async with asyncio.TaskGroup() as together:
            asking = together.create_task(self._wait_until_ready())
            together.create_task(self._output.pass_on(self.service.name, self._process.stdout))
            await self._process.wait()
            asking.cancel()
        proven = self.ready.is_set() or time.monotonic() - started >= PROVEN_AFTER_S
        self.ready.clear()
        return proven

    async def _start(self) -> asyncio.subprocess.Process:
        # A process group of its own: Ctrl-C in the terminal reaches the supervisor alone, which then ends all in order.
        return await asyncio.create_subprocess_exec(
            *self.service.command,
            env=self._environ,
            pass_fds=(self._lifeline_end,),
            process_group=0,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    async def _wait_until_ready(self) -> None:
        if self.service.ready_url:
            while not await asyncio.to_thread(probe.is_ready, self.service.ready_url):  # noqa: ASYNC110 (another process)
                await asyncio.sleep(ASK_EVERY_S)
            self.ready.set()

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return

    def _signal(self, number: signal.Signals) -> None:
        if self._process:
            with suppress(ProcessLookupError):
                self._process.send_signal(number)

    def _how_it_ended(self) -> str:
        code = self._process.returncode if self._process else None
        if code is not None and code < 0:
            return f"was ended by {signal.Signals(-code).name}"
        return f"ended with exit code {code}"
