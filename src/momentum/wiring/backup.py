"""`momentum backup FOLDER`: saves the databases while everything runs."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg

from momentum.environment import Environment
from momentum.wiring import manifest
from momentum.wiring.postgres_programs import run_program
from momentum.wiring.refusal import Refusal

FILES = ("games.sqlite3", "site.sqlite3")
"""In the order in which they are saved. The games point at contests, accounts and questions of the site, which are
never thrown away: saved later, the site has all of them. The other way round a game that was opened in between would
belong to no contest. A PIN whose game is not in the backup does no harm: it retires as if the game had never opened."""
DUMP = "momentum.dump"


def run(environment: Environment, folder: Path, say: Callable[[str], None]) -> int:
    """Save everything but mails and secrets. Raises Refusal; then the folder is as it was."""
    was_there = folder.is_dir()
    if was_there and any(folder.iterdir()):
        raise Refusal(f"{folder} is not empty: name a new folder.")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        version = _save_files(environment, folder) if environment.database_url is None else _dump(environment, folder)
        manifest.write(folder, manifest.kind_of(environment), version)
    except BaseException as failure:
        shutil.rmtree(folder, ignore_errors=True)
        if was_there:
            folder.mkdir(mode=0o700)
        if isinstance(failure, OSError | sqlite3.Error | psycopg.Error):
            raise Refusal(f"Nothing was saved: {str(failure).splitlines()[0]}.") from failure
        raise
    size = sum(path.stat().st_size for path in folder.iterdir())
    say(f"Saved {size / 2**20:.1f} MiB in {folder}: accounts, contests, games and results.")
    say("Not in it: kept mails and the secrets, which in development are in the data directory. Keep those elsewhere.")
    return 0


def _save_files(environment: Environment, folder: Path) -> str:
    for name in FILES:
        path = environment.data_dir / name
        if not path.is_file():
            raise Refusal(f"There is no {path}: momentum has not run on this data directory yet.")
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(folder / name)) as copy:
            source.backup(copy)  # all in one step: one instant of the file, while others go on writing
        (folder / name).chmod(0o600)
    return f"SQLite {sqlite3.sqlite_version}"


def _dump(environment: Environment, folder: Path) -> str:
    assert environment.database_url is not None
    run_program("pg_dump", environment.database_url, "--format=custom", f"--file={folder / DUMP}")
    (folder / DUMP).chmod(0o600)
    with psycopg.connect(environment.database_url, connect_timeout=5) as connection:
        return f"PostgreSQL {connection.info.server_version // 10000}"
