"""An event loop whose time is virtual: where nothing is ready, it jumps to the next timer.

What runs in it belongs to a process, or to the world around them. A process can be stopped, and goes on where it was, or
be killed, and nothing of it ever runs again.
"""

import asyncio
import heapq
from collections.abc import Callable, Coroutine
from contextvars import Context, ContextVar, copy_context
from typing import Any, TypeVar

T = TypeVar("T")


class Deadlock(Exception):
    """Nothing is ready, and nothing ever will be."""


class Task(asyncio.Task[Any]):
    """Hashed by its number, so that sets of tasks have the same order in every run."""

    number = 0

    def __hash__(self) -> int:
        return self.number


class Process:
    """Something that runs in a VirtualLoop. `context`: what is called in it, and all that comes of it, is the process's.
    `tasks`: all that it has ever made."""

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

    def park(self, handle: asyncio.Handle) -> None:
        self._parked.append(handle)


_RUNNING: ContextVar[Process | None] = ContextVar("running", default=None)


class _NoSockets:
    """What BaseEventLoop closes in the end."""

    def close(self) -> None:
        pass


class VirtualLoop(asyncio.BaseEventLoop):
    """Time is in seconds, from 0. `failures`: what the loop's exception handler was told."""

    _ready: Any
    _scheduled: list[Any]
    _selector: Any

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0
        self._selector = _NoSockets()
        self._made = 0
        self.failures: list[str] = []
        self.set_task_factory(self._make_task)  # type: ignore[arg-type]
        self.set_exception_handler(lambda _, context: self.failures.append(_described(context)))

    def time(self) -> float:
        return self._now

    def run_soon(self, handle: asyncio.Handle) -> None:
        """Run a handle that was put off."""
        self._ready.append(handle)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run `work` to its end, then close the loop. Whatever tasks are left never go on."""
        try:
            return self.run_until_complete(work)
        finally:
            self._abandon()
            self.close()

    def at(self, when: float, context: Context, callback: Callable[..., object], *args: object) -> None:
        """Call something at a moment, in a process's context or the world's."""
        self.call_at(max(when, self._now), callback, *args, context=context)

    def _make_task(self, loop: asyncio.AbstractEventLoop, work: Any, **options: Any) -> Task:
        task = Task(work, loop=loop, **options)
        self._made += 1
        task.number = self._made
        context = options.get("context")
        process = _RUNNING.get() if context is None else context.get(_RUNNING)
        if process is not None:
            process.tasks.append(task)
        return task

    def _run_once(self) -> None:
        ready, scheduled = self._ready, self._scheduled
        while scheduled and scheduled[0]._cancelled:
            heapq.heappop(scheduled)._scheduled = False
        if not ready:
            if not scheduled:
                raise Deadlock
            self._now = max(self._now, scheduled[0]._when)
        while scheduled and scheduled[0]._when <= self._now:
            handle = heapq.heappop(scheduled)
            handle._scheduled = False
            ready.append(handle)
        for _ in range(len(ready)):
            handle = ready.popleft()
            if handle._cancelled:
                continue
            process = handle._context.get(_RUNNING)
            if process is None:
                handle._run()
            elif process.stopped and not process.dead:
                process.park(handle)
            elif not process.dead:
                handle._run()

    def _abandon(self) -> None:
        """End what dead processes had begun, without a word."""
        for task in asyncio.all_tasks(self):
            task._log_destroy_pending = False  # type: ignore[attr-defined]
            work = task.get_coro()
            assert work is not None
            try:
                work.close()
            except RuntimeError:
                pass  # it wanted to wait for something while it ended

    def _process_events(self, event_list: object) -> None:
        pass

    def _write_to_self(self) -> None:
        pass


def _described(context: dict[str, Any]) -> str:
    return f"{context['message']}: {context.get('exception')!r}"
