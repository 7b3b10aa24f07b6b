"""A backup of a PostgreSQL database, put in place. Needs Django to be set up."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from momentum.wiring import restored
from momentum.wiring.backup import DUMP
from momentum.wiring.postgres_programs import run_program
from momentum.wiring.refusal import Refusal
from momentum.wiring.schema import refuse_unknown

LONGEST_NAME = 63


def restore(url: str, folder: Path, stamp: str) -> tuple[int, str]:
    """Returns how many games are open, and the name of the database that was there before. Raises Refusal.

    The backup becomes a database of its own, which is finished before the two change their names, both at once: no node
    ever sees it half restored, or with its old epochs.
    """
    name = str(conninfo_to_dict(url)["dbname"])
    fresh, aside = (f"{name[: LONGEST_NAME - len(end)]}{end}" for end in (f"_restoring_{stamp}", f"_replaced_{stamp}"))
    with _refusing(), psycopg.connect(_other(url, "postgres"), autocommit=True, connect_timeout=5) as server:
        _create(server, fresh, like=name)
        try:
            games = _fill(_other(url, fresh), folder / DUMP)
            with server.transaction():
                _rename(server, name, aside)
                _rename(server, fresh, name)
        except BaseException:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(fresh)))
            raise
    return games, f"the database {aside}"


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except psycopg.errors.InsufficientPrivilege:
        raise Refusal(
            "This user may not make and rename databases: give it CREATEDB for the time of the restore, or use "
            "pg_restore as another user and then run momentum restored."
        ) from None
    except psycopg.errors.ObjectInUse:
        raise Refusal("Something is connected to the database: stop Momentum on every machine first.") from None
    except psycopg.Error as error:
        raise Refusal(f"The backup was not put in place: {str(error).splitlines()[0]}.") from error


def _other(url: str, database: str) -> str:
    parts: dict[str, Any] = conninfo_to_dict(url, dbname=database)
    return make_conninfo(**parts)


def _create(server: "psycopg.Connection[tuple[object, ...]]", fresh: str, *, like: str) -> None:
    row = server.execute("SELECT datcollate, datctype FROM pg_database WHERE datname = %s", [like]).fetchone()
    if row is None:
        raise Refusal(f"There is no database {like}: make it first, empty.")
    server.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE {} LC_CTYPE {}").format(
            sql.Identifier(fresh), *map(sql.Literal, row)
        )
    )


def _fill(url: str, dump: Path) -> int:
    run_program("pg_restore", url, "--exit-on-error", "--no-owner", "--no-privileges", str(dump))
    with psycopg.connect(url) as connection:
        applied = connection.execute("SELECT app, name FROM django_migrations").fetchall()
    refuse_unknown(applied)
    return restored.in_database(url)


def _rename(server: "psycopg.Connection[tuple[object, ...]]", name: str, new: str) -> None:
    server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(new)))
