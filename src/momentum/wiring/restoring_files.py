"""A backup of SQLite files, put in place. Needs Django to be set up."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from momentum.wiring import restored
from momentum.wiring.backup import FILES
from momentum.wiring.refusal import Refusal
from momentum.wiring.schema import refuse_unknown

PARTS = ("", "-wal", "-shm")


def restore(data_dir: Path, folder: Path, stamp: str) -> tuple[int, str]:
    """Returns how many games are open, and the folder of what was there before, if anything was. Raises Refusal.

    The files are looked at and changed beside those they replace: at no time is a file in place that is not finished.
    """
    staged = data_dir / "restoring"
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(mode=0o700)
    try:
        for name in FILES:
            _check(Path(shutil.copyfile(folder / name, staged / name)))
        games = restored.in_file(staged / "games.sqlite3")
        os.sync()
        return games, _swap(data_dir, staged, stamp)
    except (OSError, sqlite3.Error) as error:
        raise Refusal(f"The backup was not put in place: {error}.") from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _check(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        [found] = file.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise Refusal(f"{path.name} of the backup is damaged ({found}): take another backup.")
        refuse_unknown(file.execute("SELECT app, name FROM django_migrations").fetchall())


def _swap(data_dir: Path, staged: Path, stamp: str) -> str:
    aside = data_dir / f"replaced_{stamp}"
    old = [path for name in FILES for part in PARTS if (path := data_dir / f"{name}{part}").exists()]
    if old:
        aside.mkdir(mode=0o700)
    for path in old:
        path.rename(aside / path.name)
    for name in FILES:
        (staged / name).rename(data_dir / name)
    os.sync()
    return str(aside) if old else ""
