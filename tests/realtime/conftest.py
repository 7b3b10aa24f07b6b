"""A node over fakes and a real one, on the event loop that the product runs on."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

import pytest
import structlog
import uvloop

from .fakes import FakeJournal, FakeTiming
from .house import House
from .running import Running, Watchman, environment, running, two_running
from .town import LEASE, Town


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"uvloop": uvloop.new_event_loop}


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """A node over fakes, for a game of one node."""
    house = House()
    yield house
    await house.quiet()
    house.check()


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    """Two nodes over fakes."""
    timing, journal = FakeTiming(), FakeJournal()
    one = House("one", timing=timing, journal=journal, lease=LEASE)
    two = House("two", timing=timing, journal=FakeJournal(journal), lease=LEASE)
    await one.manager.start()
    await two.manager.start()
    await timing.advance(1_000)
    yield Town(one, two)
    await timing.quiet()
    for house in (one, two):
        house.check()


@pytest.fixture
async def watched(caplog: pytest.LogCaptureFixture) -> AsyncIterator[list[str]]:
    """The secrets of a test: to be found in no log. Looks after tasks, sockets and exceptions too."""
    caplog.set_level(1)
    secrets: list[str] = []
    watchman = Watchman()
    with structlog.testing.capture_logs() as logs:
        yield secrets
        await watchman.check([*logs, *map(logging.Formatter().format, caplog.records)], secrets)


@pytest.fixture
async def node(games_file: Path, watched: list[str]) -> AsyncIterator[Running]:
    """A real node without games."""
    async with running(environment(games_file.parent)) as one:
        yield one
        watched.extend(one.secrets)


@pytest.fixture
async def nodes(postgres_url: str, tmp_path: Path, watched: list[str]) -> AsyncIterator[tuple[Running, Running]]:
    """Two real nodes of one installation, without games."""
    async with two_running(tmp_path, postgres_url) as both:
        yield both
        for one in both:
            watched.extend(one.secrets)
