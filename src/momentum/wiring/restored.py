"""`momentum restored`: after a restore no node from before may write into an open game, and clients must notice."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg

from momentum.environment import Environment
from momentum.wiring.quiet import nothing_runs
from momentum.wiring.refusal import Refusal

# Whoever wrote before the restore has an epoch that is at most a few takeovers higher than the restored one.
OPEN_GAMES = "UPDATE game SET epoch = epoch + 1000, node_id = '', incarnation = {} WHERE ended_ms IS NULL"
IN_SQLITE = OPEN_GAMES.format("lower(hex(randomblob(16)))")
IN_POSTGRESQL = OPEN_GAMES.format("replace(gen_random_uuid()::text, '-', '')").encode()


def run(environment: Environment, say: Callable[[str], None]) -> int:
    """Give every open game a new history. Raises Refusal."""
    with nothing_runs(environment):
        try:
            if environment.database_url is None:
                games = in_file(environment.data_dir / "games.sqlite3")
            else:
                games = in_database(environment.database_url)
        except (sqlite3.Error, psycopg.Error) as error:
            raise Refusal(f"The games cannot be changed: {str(error).splitlines()[0]}.") from error
    say(told(games))
    return 0


def told(games: int) -> str:
    return f"{games} games are open; who was in one of them is told that it goes on from the backup."


def in_file(path: Path) -> int:
    """Returns how many games that are."""
    with closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True)) as file, file:
        return file.execute(IN_SQLITE).rowcount


def in_database(url: str) -> int:
    """Returns how many games that are."""
    with psycopg.connect(url, connect_timeout=5) as connection:
        return connection.execute(IN_POSTGRESQL).rowcount
