"""Virtual time, and processes that are stopped and killed in it."""

import asyncio
from collections.abc import Callable

import pytest

from .loop import Deadlock, Process, VirtualLoop

Told = list[tuple[float, str]]


@pytest.fixture
def loop() -> VirtualLoop:
    return VirtualLoop()


async def tell(loop: VirtualLoop, told: Told, name: str, *waits_s: float) -> None:
    for wait_s in waits_s:
        await asyncio.sleep(wait_s)
        told.append((loop.time(), name))


def run(loop: VirtualLoop, process: Process, told: Told, do: Callable[[], None], *waits_s: float) -> None:
    """Let the process tell after each wait; do something at 1.5 s; look on until 10 s."""

    async def play() -> None:
        loop.create_task(tell(loop, told, process.name, *waits_s), context=process.context)
        loop.call_later(1.5, do)
        await asyncio.sleep(10)

    loop.run(play())


def test_time_jumps_to_whatever_comes_next(loop: VirtualLoop) -> None:
    told: Told = []

    async def play() -> None:
        await asyncio.gather(tell(loop, told, "a", 3600, 1), tell(loop, told, "b", 1, 3600))

    loop.run(play())
    assert told == [(1, "b"), (3600, "a"), (3601, "b"), (3601, "a")]


def test_timers_of_the_same_moment_keep_their_order(loop: VirtualLoop) -> None:
    told: list[int] = []

    async def play() -> None:
        for number in range(20):
            loop.call_at(1.0, told.append, number)
        await asyncio.sleep(2)

    loop.run(play())
    assert told == list(range(20))


def test_a_timer_that_was_cancelled_takes_no_time(loop: VirtualLoop) -> None:
    async def play() -> None:
        loop.call_later(1000, print).cancel()
        await asyncio.sleep(1)

    loop.run(play())
    assert loop.time() == 1


def test_waiting_for_what_never_comes_is_found(loop: VirtualLoop) -> None:
    async def play() -> None:
        await asyncio.Event().wait()

    with pytest.raises(Deadlock):
        loop.run(play())


def test_a_killed_process_does_nothing_more(loop: VirtualLoop) -> None:
    told: Told = []
    process = Process("node")
    run(loop, process, told, process.kill, 1, 1, 1)
    assert told == [(1, "node")]


def test_a_stopped_process_does_at_once_what_it_has_missed(loop: VirtualLoop) -> None:
    told: Told = []
    process = Process("node")

    def stop() -> None:
        process.stop()
        loop.call_later(5, process.go_on, loop)

    run(loop, process, told, stop, 1, 1, 1)
    assert told == [(1, "node"), (6.5, "node"), (7.5, "node")]


def test_a_stopped_process_that_is_killed_never_goes_on(loop: VirtualLoop) -> None:
    told: Told = []
    process = Process("node")

    def stop_and_kill() -> None:
        process.stop()
        loop.call_later(2, process.kill)
        loop.call_later(3, process.go_on, loop)

    run(loop, process, told, stop_and_kill, 1, 1, 1)
    assert told == [(1, "node")]


def test_what_a_process_begins_is_the_processs(loop: VirtualLoop) -> None:
    told: Told = []
    process = Process("node")

    async def begin() -> None:
        asyncio.get_running_loop().create_task(tell(loop, told, "child", 1, 1))

    async def play() -> None:
        await loop.create_task(begin(), context=process.context)
        loop.call_later(1.5, process.kill)
        await asyncio.sleep(5)

    loop.run(play())
    assert told == [(1, "child")]
    assert len(process.tasks) == 2
