"""Which database the site is on, and how it comes to it."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from momentum.web.databases import MOST_CONNECTIONS, configuration
from momentum.wiring.web import THREADS


def postgresql(url: str) -> dict[str, Any]:
    return configuration(url, Path("/data"), survive_power_cut=True)["default"]  # type: ignore[no-any-return]


def test_the_tests_run_on_the_database_that_was_asked_for() -> None:
    asked_for = "postgresql" if settings.MOMENTUM.database_url else "sqlite"
    assert connection.vendor == asked_for
    with connection.cursor() as cursor:
        cursor.execute("SELECT version()" if asked_for == "postgresql" else "SELECT sqlite_version()")


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("postgresql://quiz:p%40ss@db:5433/momentum", ("momentum", "quiz", "p@ss", "db", "5433")),
        ("postgresql:///momentum?host=/run/postgresql", ("momentum", "", "", "/run/postgresql", "")),
        ("postgresql://quiz@%2Frun%2Fpostgresql/momentum", ("momentum", "quiz", "", "/run/postgresql", "")),
        ("postgres://quiz@one,two:5433/momentum", ("momentum", "quiz", "", "one,two", ",5433")),
    ],
)
def test_every_form_of_the_address_is_understood(url: str, place: tuple[str, ...]) -> None:
    made = postgresql(url)
    assert tuple(made[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")) == place


def test_parameters_of_the_address_reach_the_library() -> None:
    options = postgresql("postgresql://db/momentum?sslmode=verify-full&connect_timeout=2")["OPTIONS"]
    assert (options["sslmode"], options["connect_timeout"]) == ("verify-full", "2")


def test_no_thread_of_the_site_waits_for_a_connection() -> None:
    assert MOST_CONNECTIONS >= THREADS


def test_with_sqlite_the_games_have_a_file_of_their_own() -> None:
    made = configuration(None, Path("/data"), survive_power_cut=False)
    assert [str(each["NAME"]) for each in made.values()] == ["/data/site.sqlite3", "/data/games.sqlite3"]
    assert "synchronous=NORMAL" in made["games"]["OPTIONS"]["init_command"]
