"""`momentum migrate-data URL`: moves an installation from its SQLite files to PostgreSQL."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg

from momentum.environment import Environment
from momentum.environment.database_url import checked_database_url
from momentum.wiring import postgres
from momentum.wiring.django_setup import set_up_django
from momentum.wiring.quiet import nothing_runs
from momentum.wiring.refusal import Refusal

Say = Callable[[str], None]
FILES = {"site_file": "default", "games_file": "games"}
"""Django's name of each file here, and in an installation that is on SQLite."""


def run(environment: Environment, url: str, say: Say) -> int:
    """Copy everything and compare it, in one transaction of the target. Raises Refusal; then the target has nothing.

    The files stay as they are.
    """
    if environment.database_url is not None:
        raise Refusal("DATABASE_URL is set, so this installation is on PostgreSQL already: unset it to move its files.")
    _look_at(environment, url, say)
    # Migrations of libraries write to Django's default database, whatever they are told: that must be the target.
    os.environ["DATABASE_URL"] = url
    set_up_django()
    from django.db import Error

    from momentum.wiring import schema

    with nothing_runs(environment), _files(environment):
        schema.require_current(FILES)
        try:
            rows = _move(say)
        except Error as error:
            raise Refusal(f"Nothing was moved, and the target is as it was: {str(error).splitlines()[0]}.") from error
    say(f"{rows} rows were moved, read back and compared; every journal replays to the same game.")
    say("Now set DATABASE_URL to this target, run momentum check, and start Momentum. The files stay as they are: keep")
    say(f"site.sqlite3 and games.sqlite3 of {environment.data_dir} until you are content, then put them away.")
    return 0


def _look_at(environment: Environment, url: str, say: Say) -> None:
    """Refuse what cannot be reached; say what else is to be done there."""
    checked_database_url("The target", url)
    try:
        for sentence in postgres.shortcomings(replace(environment, database_url=url)):
            say(f"TO DO  {sentence}")
    except psycopg.Error as error:
        raise Refusal(f"The target cannot be used: {str(error).splitlines()[0]}.") from None


@contextmanager
def _files(environment: Environment) -> Iterator[None]:
    """The files as databases of Django. Nobody writes to them meanwhile."""
    from django.db import connections

    from momentum.web.databases import configuration

    usual = connections["default"].settings_dict
    made = configuration(None, environment.data_dir, survive_power_cut=True)
    with ExitStack() as stack:
        for alias, name in FILES.items():
            connections.settings[alias] = {**usual, "CONN_HEALTH_CHECKS": False, **made[name]}
            stack.callback(connections[alias].close)
            stack.enter_context(_held(made[name]["NAME"]))
        yield


@contextmanager
def _held(path: Path) -> Iterator[None]:
    if not path.is_file():
        raise Refusal(f"There is no {path}: momentum has not run on this data directory yet.")
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        try:
            file.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            raise Refusal(f"Something writes to {path}: stop it first.") from None
        yield


def _move(say: Say) -> int:
    """Returns the number of rows."""
    from django.core.management import call_command
    from django.db import connection, transaction

    from momentum.wiring import tables

    everything = [(table, _source(table._meta.app_label)) for table in tables.tables()]
    with transaction.atomic(), connection.cursor() as cursor:
        if there := connection.introspection.table_names(cursor):
            raise Refusal(f"The target is not empty ({there[0]} is there): make a new database for Momentum.")
        call_command("migrate", interactive=False, verbosity=0)
        for table, _ in everything:
            tables.empty(table, "default")  # what the migrations themselves have put there
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # tables may refer to each other in a circle
        for table, source in everything:
            tables.copy(table, source, "default")
        tables.restart_numbering("default")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        rows = 0
        for table, source in everything:
            moved = tables.total(table, source)
            if tables.total(table, "default") != moved:
                raise Refusal(f"Nothing was moved: the rows of {table._meta.db_table} did not arrive as they are here.")
            if moved.rows:
                say(f"{moved.rows:9d}  {table._meta.db_table}")
            rows += moved.rows
        _compare_games()
    return rows


def _source(app_label: str) -> str:
    return "games_file" if app_label == "games" else "site_file"


def _compare_games() -> None:
    from momentum.game.apply import replay
    from momentum.web.games.models import JournalEntry
    from momentum.wiring.journals import entries

    for game_id in JournalEntry.objects.values_list("game_id", flat=True).distinct():
        here, there = (
            replay(event for _, event in entries(game_id, alias=alias)) for alias in ("games_file", "default")
        )
        if here != there:
            raise Refusal(f"Nothing was moved: the game {game_id} does not replay to the same state.")
