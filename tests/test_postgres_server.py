"""The PostgreSQL that tests run on: it is real, it keeps what it committed, and it can be killed."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests import postgres_server
from tests.postgres_server import NoPostgres, OwnPostgres


@pytest.fixture(scope="module")
def own() -> Iterator[OwnPostgres]:
    with OwnPostgres(max_connections="17") as server:
        yield server


def value(url: str, query: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
        return row and row[0]


def test_it_keeps_commits_unless_told_otherwise(own: OwnPostgres) -> None:
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        assert value(own.url("postgres"), f"SHOW {setting}") == "on"
    assert value(own.url("postgres"), "SHOW max_connections") == "17"


def test_what_was_committed_survives_a_kill(own: OwnPostgres) -> None:
    url = own.create_database()
    with psycopg.connect(url) as connection, connection.transaction():
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    before = own.pid
    own.kill()
    assert not own.is_ready()
    own.start()
    assert own.pid != before
    assert value(url, "SELECT number FROM kept") == 7


def test_it_stops_and_starts(own: OwnPostgres) -> None:
    own.stop()
    assert not own.is_ready()
    own.start()
    own.restart()
    assert own.is_ready()


def test_databases_come_from_templates_and_go(own: OwnPostgres) -> None:
    with psycopg.connect(own.create_database("pattern")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 8 AS number")
    copy = own.create_database("copy", template="pattern")
    assert value(copy, "SELECT number FROM kept") == 8
    with psycopg.connect(copy):
        own.drop_database("copy")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(copy)


def test_nothing_is_left_of_it() -> None:
    with OwnPostgres() as server:
        folder = server.folder
        assert server.is_ready()
    assert not folder.exists()
    assert not server.is_ready()


def test_a_machine_without_postgresql_is_told_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(postgres_server, "find_spec", lambda name: None)
    monkeypatch.setattr(postgres_server, "ON_DEBIAN", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoPostgres, match="TEST_DATABASE_URL"):
        postgres_server.programs()
    for name in ("initdb", "postgres"):
        (tmp_path / "18" / "bin").mkdir(parents=True, exist_ok=True)
        (tmp_path / "18" / "bin" / name).touch()
    assert postgres_server.programs() == tmp_path / "18" / "bin"


def test_a_copy_of_the_games_tables_is_a_tests_own(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        found = connection.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        assert {"game", "journal", "player_result"} <= {name for (name,) in found}
