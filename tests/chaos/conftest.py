"""What the tests of faults share: databases that are prepared once, and the clusters of a test."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest

from .cluster import Cluster, migrate, variables


class StartCluster(Protocol):
    """Starts a cluster with these arguments, which ends with the test."""

    def __call__(self, **arguments: Any) -> Cluster: ...


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the tables and nothing in them."""
    folder = tmp_path_factory.mktemp("prepared")
    migrate(variables(folder))
    return folder / "data"


@pytest.fixture
def on_sqlite(tmp_path: Path, prepared: Path) -> Iterator[StartCluster]:
    """Starts a node on SQLite."""
    with ExitStack() as running:

        def start(**arguments: Any) -> Cluster:
            return running.enter_context(Cluster(tmp_path, prepared=prepared, **arguments))

        yield start
