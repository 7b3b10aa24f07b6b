"""What tests of several packages share."""

import shutil
from pathlib import Path
from typing import Any

import pytest


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
