"""What tests of several packages share."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.postgres_server import OwnPostgres, Postgres, server


@pytest.fixture(scope="session")
def empty_games(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Path:
    """A file with the games' tables and nothing in them."""
    path = tmp_path_factory.mktemp("games") / "games.sqlite3"
    create_games_tables({"ENGINE": "django.db.backends.sqlite3", "NAME": path}, django_db_blocker)
    return path


@pytest.fixture
def games_file(tmp_path: Path, empty_games: Path) -> Path:
    """Such a file of this test's own."""
    return Path(shutil.copy(empty_games, tmp_path / "games.sqlite3"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server; tests that stop or kill it start an `OwnPostgres`."""
    with server() as running:
        yield running


@pytest.fixture(scope="session")
def empty_games_template(postgres: Postgres, django_db_blocker: Any) -> Iterator[str]:
    """The name of a database with the games' tables and nothing in them."""
    from momentum.web.databases import configuration

    url = postgres.create_database()
    settings = configuration(url, Path(), survive_power_cut=True)["default"]
    settings["OPTIONS"].pop("pool")
    create_games_tables(settings, django_db_blocker)
    yield settings["NAME"]
    postgres.drop_database(settings["NAME"])


@pytest.fixture
def postgres_url(postgres: Postgres, empty_games_template: str) -> Iterator[str]:
    """The URL of such a database of this test's own."""
    name = f"{empty_games_template}_copy"
    yield postgres.create_database(name, template=empty_games_template)
    postgres.drop_database(name)


@pytest.fixture
def mortal_postgres(django_db_blocker: Any) -> Iterator[OwnPostgres]:
    """A server to be stopped and killed, whose database `games` has the games' tables."""
    from momentum.web.databases import configuration

    with OwnPostgres() as server:
        url = server.create_database("games")
        create_games_tables(configuration(url, Path(), survive_power_cut=True)["default"], django_db_blocker)
        yield server


def create_games_tables(settings: dict[str, Any], django_db_blocker: Any) -> None:
    """Run the migrations of the games' tables, and no others, on the database of these Django settings."""
    from django.db import connections
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState
    from django.db.utils import load_backend

    graph = MigrationLoader(None).graph
    options = {name: value for name, value in settings.get("OPTIONS", {}).items() if name != "pool"}
    with django_db_blocker.unblock():
        wrapper = load_backend(settings["ENGINE"]).DatabaseWrapper
        database = wrapper({**connections["default"].settings_dict, **settings, "OPTIONS": options}, alias="games")
        with database.schema_editor() as editor:
            state = ProjectState()
            for node in graph.forwards_plan(graph.leaf_nodes("games")[0]):
                state = graph.nodes[node].apply(state, editor)
        database.close()
