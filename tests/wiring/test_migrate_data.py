"""Moving a lived-in installation from SQLite to a real PostgreSQL."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from tests.postgres_server import Postgres
from tests.wiring.lived_in import ENDED, NAMES, OPEN

from momentum.environment import Environment
from momentum.wiring.instance import only_one

Momentum = Callable[..., str]


@pytest.fixture
def target(postgres: Postgres) -> Iterator[str]:
    yield postgres.create_database("moved_to")
    postgres.drop_database("moved_to")


def tables_of(url: str) -> list[str]:
    with closing(psycopg.connect(url)) as connection:
        rows = connection.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        return [name for (name,) in rows]


def content(data_dir: Path) -> dict[str, list[str]]:
    """The SQLite files as SQL."""
    found = {}
    for path in sorted(data_dir.glob("*.sqlite3")):
        with closing(sqlite3.connect(path)) as file:
            found[path.name] = list(file.iterdump())
    return found


def test_everything_arrives_and_goes_on(
    environment: Environment, lived_in: None, momentum: Momentum, variables: dict[str, str], target: str
) -> None:
    before = content(environment.data_dir)
    said = momentum("migrate-data", target)
    assert "every journal replays to the same game" in said
    assert "set DATABASE_URL" in said
    assert content(environment.data_dir) == before
    with closing(psycopg.connect(target)) as there:
        names = {name for (name,) in there.execute("SELECT username FROM accounts_user").fetchall()}
        assert names == set(NAMES)
        [number] = there.execute("SELECT count(*) FROM journal WHERE game_id = %s", [OPEN]).fetchone() or [0]
        assert number > 3
        assert there.execute("SELECT options FROM question_result LIMIT 1").fetchone() is not None
    replayed = momentum("replay", ENDED)
    variables["DATABASE_URL"] = target
    assert momentum("replay", ENDED) == replayed
    assert momentum("migrate") == "", "its schema is this version's, and the starter bank is there"
    # Numbers go on where they were: another account, another PIN, another task.
    momentum("manage", "shell", "-c", MORE)
    variables["DATABASE_URL"] = ""
    assert "is not empty" in momentum("migrate-data", target, code=1)


MORE = """
from momentum.web.accounts.models import User
from momentum.web import realtime_tasks
from momentum.web.mail import outbox
from momentum.web.questions.models import Category
from allauth.account.models import EmailAddress
Category.objects.create(slug="new", name="New")
user = User.objects.create_user("Newcomer", "new@example.org", "correct horse battery")
EmailAddress.objects.get_or_create(user=user, email=user.email)
outbox.post("test", "bob@example.org", "Hello", "There")
realtime_tasks.revoke.enqueue("somebody")
"""


def test_what_cannot_be_kept_there_leaves_the_target_empty(
    environment: Environment, lived_in: None, momentum: Momentum, target: str
) -> None:
    with closing(sqlite3.connect(environment.data_dir / "games.sqlite3")) as games, games:
        games.execute("UPDATE game SET name = 'a' || char(0) || 'b' WHERE id = ?", [OPEN])
    assert "Nothing was moved, and the target is as it was: " in momentum("migrate-data", target, code=1)
    assert tables_of(target) == []


def test_a_reference_to_nothing_leaves_the_target_empty(
    environment: Environment, lived_in: None, momentum: Momentum, target: str
) -> None:
    with closing(sqlite3.connect(environment.data_dir / "site.sqlite3")) as site, site:
        site.execute("DELETE FROM accounts_user WHERE username = 'Alice'")
    assert "Nothing was moved" in momentum("migrate-data", target, code=1)
    assert tables_of(target) == []


def test_it_is_refused_while_anything_runs_and_where_it_makes_no_sense(
    environment: Environment, lived_in: None, momentum: Momentum, variables: dict[str, str], target: str
) -> None:
    for name in ("serve", "realtime"):
        with only_one(environment.data_dir, name):
            assert "already runs" in momentum("migrate-data", target, code=1)
    assert "names no database" in momentum("migrate-data", "postgresql://localhost", code=2)
    assert "does not exist" in momentum("migrate-data", target.replace("moved_to", "nowhere"), code=1)
    with closing(sqlite3.connect(environment.data_dir / "site.sqlite3", isolation_level=None)) as site:
        site.execute("BEGIN IMMEDIATE")
        assert "Something writes to" in momentum("migrate-data", target, code=1)
    (environment.data_dir / "games.sqlite3").rename(environment.data_dir / "away")
    assert "There is no" in momentum("migrate-data", target, code=1)
    assert tables_of(target) == []
    variables["DATABASE_URL"] = target
    assert "on PostgreSQL already" in momentum("migrate-data", target, code=1)
