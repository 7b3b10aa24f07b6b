"""An installation's databases as tests look into them and change them, whichever they are."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

Momentum = Callable[..., str]
GAMES = {"node", "game", "journal", "game_snapshot", "player_result", "question_result", "answer_result"}


@dataclass(frozen=True)
class Kept:
    """`url`: of the PostgreSQL database; None: SQLite files in `data_dir`. `momentum` runs a command on it."""

    data_dir: Path
    url: str | None
    momentum: Momentum

    def ask(self, table: str, query: str) -> list[tuple[Any, ...]]:
        """Rows of a query about `table`, or what a statement returns."""
        with self._open(table) as database:
            return list(database.execute(query).fetchall())

    def do(self, table: str, statement: str) -> None:
        with self._open(table) as database:
            database.execute(statement)

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """The rows of every table that people or games fill, sorted by their text."""
        tables = ("accounts_user", "contests_contest", "play_pin", "game", "journal", "player_result")
        return {table: _sorted(self.ask(table, f"SELECT * FROM {table}")) for table in tables}

    @contextmanager
    def _open(self, table: str) -> Iterator[Any]:
        if self.url:
            with psycopg.connect(self.url) as connection:
                yield connection
            return
        name = "games" if table in GAMES else "site"
        with closing(sqlite3.connect(self.data_dir / f"{name}.sqlite3", timeout=20)) as file, file:
            yield file


def _sorted(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(rows, key=repr)
