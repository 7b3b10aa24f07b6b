"""`momentum serve`: prepares the databases, runs the services as processes of their own, and keeps them running.

The supervisor itself stays small: it knows neither Django nor sockets, so nothing in it can take the services down.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from momentum.environment import Environment
from momentum.wiring.greeting import greeting
from momentum.wiring.instance import only_one, require_free_ports
from momentum.wiring.keeper import Keeper
from momentum.wiring.lifeline import VARIABLE
from momentum.wiring.output import Output
from momentum.wiring.prepared import is_prepared
from momentum.wiring.services import Service, momentum, services

STOP_PATIENCE_S = 10.0
START_PATIENCE_S = 30.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def serve(environment: Environment) -> int:
    """Run the whole installation until a signal ends it. Returns the exit code; raises Refusal."""
    output = Output(sys.stdout)
    try:
        with only_one(environment.data_dir):
            require_free_ports(environment)
            prepare = () if is_prepared(environment) else momentum("migrate")
            return asyncio.run(Supervisor(services(environment), output).run(prepare, greeting(environment)))
    finally:
        output.close()


class Supervisor:
    """Keeps `all_services` running as child processes of this one."""

    def __init__(self, all_services: Sequence[Service], output: Output) -> None:
        self._services = all_services
        self._output = output
        self._stop = asyncio.Event()
        self._keepers: list[Keeper] = []

    async def run(self, prepare: Sequence[str], greeting: str) -> int:
        """Run the command `prepare`, if any, then the services, until a signal; say `greeting` once all are ready.

        Returns 0 after a clean stop, or the exit code of a `prepare` that failed. A second signal kills at once.
        """
        with self._signals(), _lifeline() as lifeline_end:
            code = await self._prepare(prepare, lifeline_end) if prepare else 0
            if code or self._stop.is_set():
                return 0 if self._stop.is_set() else code
            self._keepers = [Keeper(service, os.environ, lifeline_end, self._output) for service in self._services]
            async with asyncio.TaskGroup() as together:
                starting = together.create_task(self._start(together, greeting))
                await self._stop.wait()
                starting.cancel()
                self._output.say("momentum | stopping")
                await asyncio.gather(*(keeper.stop(STOP_PATIENCE_S) for keeper in self._keepers))
        return 0

    async def _prepare(self, command: Sequence[str], lifeline_end: int) -> int:
        process = await asyncio.create_subprocess_exec(
            *command, env={**os.environ, VARIABLE: str(lifeline_end)}, pass_fds=(lifeline_end,), process_group=0
        )
        ended = asyncio.create_task(process.wait())
        stopped = asyncio.create_task(self._stop.wait())
        await asyncio.wait((ended, stopped), return_when=asyncio.FIRST_COMPLETED)
        if self._stop.is_set() and not ended.done():
            process.terminate()
        stopped.cancel()
        return await ended

    async def _start(self, together: asyncio.TaskGroup, greeting: str) -> None:
        """Start those that people wait for, then the others: they would only take processor time from the first."""
        first = [keeper for keeper in self._keepers if keeper.service.ready_url]
        for keeper in first:
            together.create_task(keeper.keep())
        all_ready = asyncio.gather(*(keeper.ready.wait() for keeper in first))
        await asyncio.wait((all_ready,), timeout=START_PATIENCE_S)
        for keeper in self._keepers:
            if keeper not in first:
                together.create_task(keeper.keep())
        for keeper in first:
            if not all_ready.done() and not keeper.ready.is_set():
                self._output.say(f"momentum | {keeper.service.name} is not ready yet: its lines above say why")
        await all_ready
        self._output.say(greeting)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        # A supervisor started with nohup goes on when its terminal closes.
        numbers = [number for number in STOP_SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
        for number in numbers:
            loop.add_signal_handler(number, self._on_signal)
        yield
        for number in numbers:
            loop.remove_signal_handler(number)

    def _on_signal(self) -> None:
        if self._stop.is_set():  # the second one: whoever sends it does not want to wait
            for keeper in self._keepers:
                keeper.kill()
        self._stop.set()


@contextmanager
def _lifeline() -> Iterator[int]:
    """The reading end of a pipe that ends with this process."""
    reading, writing = os.pipe()
    try:
        yield reading
    finally:
        os.close(reading)
        os.close(writing)
