"""What the tests of faults share: databases that are prepared once, and the clusters of a test."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import psycopg
import pytest
from tests.postgres_server import OwnPostgres

from .cluster import Cluster, migrate, variables


class StartCluster(Protocol):
    """Starts a cluster with these arguments, which ends with the test."""

    def __call__(self, **arguments: Any) -> Cluster: ...


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the tables and nothing in them."""
    folder = _of_this_run(tmp_path_factory) / "prepared"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            migrate(variables(folder))
            (folder / "ready").touch()
    return folder / "data"


def _of_this_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run share: preparing costs each of them seconds."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture
def on_sqlite(tmp_path: Path, prepared: Path) -> Iterator[StartCluster]:
    """Starts a node on SQLite."""
    with ExitStack() as running:

        def start(**arguments: Any) -> Cluster:
            return running.enter_context(Cluster(tmp_path, prepared=prepared, **arguments))

        yield start


@pytest.fixture(scope="session")
def postgres() -> Iterator[OwnPostgres]:
    """A server that a test may kill or stop, if it starts it again."""
    with OwnPostgres() as server:
        yield server


@pytest.fixture(scope="session")
def prepared_database(postgres: OwnPostgres, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database with the tables and nothing in them."""
    name = "prepared"
    migrate(variables(tmp_path_factory.mktemp("site")) | {"DATABASE_URL": postgres.create_database(name)})
    return name


@pytest.fixture
def on_postgres(tmp_path: Path, postgres: OwnPostgres, prepared_database: str) -> Iterator[StartCluster]:
    """Starts nodes on a PostgreSQL database of their own, two where nothing else is said."""
    with ExitStack() as running:

        def start(**arguments: Any) -> Cluster:
            database = postgres.create_database(template=prepared_database)
            with psycopg.connect(database, autocommit=True) as connection:
                connection.execute("CHECKPOINT")  # the new files are no work for a recovery
            return running.enter_context(Cluster(tmp_path, database_url=database, **{"nodes": 2, **arguments}))

        yield start
