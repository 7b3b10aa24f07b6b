"""An event loop whose time is virtual: where nothing is ready, it jumps to the next timer.

What runs in it belongs to a process, or to the world around them. A process can be stopped, and goes on where it was,
or be killed, and nothing of it ever runs again.
"""

import asyncio
import heapq
import itertools
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from contextvars import Context, ContextVar, copy_context
from typing import Any, TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Deadlock(Exception):
    """Nothing is ready, and nothing ever will be."""


class Task(asyncio.Task[Any]):
    """Hashed by its number, so that sets of tasks have the same order in every run."""

    def __init__(self, work: Coroutine[Any, Any, Any], number: int, **options: Any) -> None:
        self.number = number
        super().__init__(work, **options)

    def __hash__(self) -> int:
        return self.number


class Process:
    """Something that runs in a VirtualLoop: what is called in its `context`, and all that comes of it.

    `tasks`: all that it has ever made.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.tasks: list[Task] = []
        self.dead = False
        self.stopped = False
        self._parked: list[asyncio.Handle] = []
        self.context = copy_context()
        self.context.run(_RUNNING.set, self)

    def stop(self) -> None:
        """Let nothing of it run until `go_on`."""
        self.stopped = True

    def go_on(self, loop: "VirtualLoop") -> None:
        """Let everything run at once that would have run meanwhile, in its order."""
        self.stopped = False
        parked, self._parked = self._parked, []
        for handle in parked:
            loop.run_soon(handle)

    def kill(self) -> None:
        self.dead = True
        self._parked.clear()

    def lets_run(self, handle: asyncio.Handle) -> bool:
        """Whether it runs; where it is stopped, it will."""
        if self.stopped and not self.dead:
            self._parked.append(handle)
        return not (self.stopped or self.dead)


_RUNNING: ContextVar[Process | None] = ContextVar("running", default=None)


class _NoSockets:
    """What BaseEventLoop closes in the end."""

    def close(self) -> None:
        pass


class VirtualLoop(asyncio.BaseEventLoop):
    """Time is in seconds, from 0. Timers of the same moment run in the order in which they were set.

    `failures`: what the exception handler was told.
    """

    _ready: deque[asyncio.Handle]

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._order = itertools.count(1)
        self._selector = _NoSockets()
        self.failures: list[str] = []
        self.set_task_factory(self._make_task)
        self.set_exception_handler(lambda _, context: self.failures.append(_described(context)))

    def time(self) -> float:
        return self._now

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run `work` to its end, then close the loop. Whatever tasks are left never go on."""
        try:
            return self.run_until_complete(work)
        finally:
            self._abandon()
            self.close()

    def run_soon(self, handle: asyncio.Handle) -> None:
        """Run a handle that was put off."""
        self._ready.append(handle)

    def at(self, when: float, context: Context, callback: Callable[..., object], *args: object) -> None:
        """Call something at a moment, in a process's context or the world's."""
        self.call_at(when, callback, *args, context=context)

    # What asyncio calls; shorter than its own, because a simulation does little else

    def call_soon(
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def call_later(
        self, delay: float, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        return self.call_at(self._now + delay, callback, *args, context=context)

    def call_at(
        self, when: float, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        heapq.heappush(self._timers, (when, next(self._order), timer))
        return timer

    def _run_once(self) -> None:
        self._wake_timers()
        ready = self._ready
        for _ in range(len(ready)):
            handle = ready.popleft()
            process = handle._context.get(_RUNNING)  # type: ignore[attr-defined]
            if not handle.cancelled() and (process is None or process.lets_run(handle)):
                handle._run()

    def _wake_timers(self) -> None:
        """Let the timers run whose moment has come; where nothing else is ready, that of the next."""
        ready, timers = self._ready, self._timers
        while timers and timers[0][2].cancelled():
            heapq.heappop(timers)
        if not ready:
            if not timers:
                raise Deadlock
            self._now = max(self._now, timers[0][0])
        while timers and timers[0][0] <= self._now:
            ready.append(heapq.heappop(timers)[2])

    def _make_task(self, loop: asyncio.AbstractEventLoop, work: Any, **options: Any) -> Task:
        task = Task(work, next(self._order), loop=loop, **options)
        context = options.get("context")
        process = _RUNNING.get() if context is None else context.get(_RUNNING)
        if process is not None:
            process.tasks.append(task)
        return task

    def _abandon(self) -> None:
        """End what dead processes had begun, without a word."""
        for task in sorted(asyncio.all_tasks(self), key=hash):
            task._log_destroy_pending = False  # type: ignore[attr-defined]
            work = task.get_coro()
            assert work is not None
            with suppress(RuntimeError):  # it wants to wait for something while it ends
                work.close()

    def _process_events(self, event_list: object) -> None:
        pass

    def _write_to_self(self) -> None:
        pass


def _described(context: dict[str, Any]) -> str:
    return f"{context['message']}: {context.get('exception')!r}"
