"""A node over fakes, a real one, and a database of games as the site's migrations make it.

All of it on the event loop that the product runs on.
"""

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import structlog
import uvloop

from .house import House
from .running import Running, Watchman, environment, running


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"uvloop": uvloop.new_event_loop}


@pytest.fixture(scope="session")
def empty_games(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Path:
    """A file with the games' tables and nothing in them."""
    from django.db import connections
    from django.db.backends.sqlite3.base import DatabaseWrapper
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState

    path = tmp_path_factory.mktemp("games") / "games.sqlite3"
    graph = MigrationLoader(None).graph
    with django_db_blocker.unblock():
        database = DatabaseWrapper({**connections["games"].settings_dict, "NAME": path}, alias="games")
        with database.schema_editor() as editor:
            state = ProjectState()
            for node in graph.forwards_plan(graph.leaf_nodes("games")[0]):
                state = graph.nodes[node].apply(state, editor)
        database.close()
    return path


@pytest.fixture
def games_file(tmp_path: Path, empty_games: Path) -> Path:
    """Such a file of this test's own."""
    return Path(shutil.copy(empty_games, tmp_path / "games.sqlite3"))


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """A node over fakes, for a game of one node."""
    house = House()
    yield house
    await house.quiet()
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
