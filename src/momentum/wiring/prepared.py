"""Whether the databases were last prepared by this very code, told in milliseconds and without Django.

`momentum migrate` leaves a note: a digest of the code's migrations and starter bank, and one of the migrations that
each SQLite file says it has. While both are still so, `momentum serve` need not load Django just to find nothing to
do. The files themselves are asked, so a restored backup or a deleted file is noticed. On PostgreSQL nothing is noted.
"""

import hashlib
import json
import sqlite3
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

from momentum.environment import Environment

WEB = Path(__file__).parent.parent / "web"
# The packages that bring migrations of their own: those change only with their version.
PACKAGES = ("django", "django-allauth", "django-axes", "django-tasks-db")
DATABASES = ("site.sqlite3", "games.sqlite3")


def is_prepared(environment: Environment) -> bool:
    """True when `momentum migrate` would surely find nothing to do."""
    try:
        noted = json.loads(_note(environment).read_text())
    except (OSError, ValueError):
        return False
    return environment.database_url is None and noted == _facts(environment)


def note_prepared(environment: Environment) -> None:
    """Remember that the databases fit this code now."""
    if environment.database_url is None:
        _note(environment).write_text(json.dumps(_facts(environment)))


def _note(environment: Environment) -> Path:
    return environment.data_dir / "prepared.json"


def _facts(environment: Environment) -> dict[str, str]:
    return {"code": _code(), **{name: _applied(environment.data_dir / name) for name in DATABASES}}


def _code() -> str:
    files = sorted([*WEB.glob("*/migrations/*.py"), *WEB.glob("questions/bank/*.toml")])
    texts = [f"{package} {version(package)}".encode() for package in PACKAGES]
    return _digest(*texts, *(str(path.relative_to(WEB)).encode() + path.read_bytes() for path in files))


def _applied(database: Path) -> str:
    """A digest of the migrations that the file has; of nothing when there is no such file or table."""
    if not database.exists():
        return ""
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=1)) as connection:
            rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
    except sqlite3.Error:
        return ""
    return _digest(*(f"{app}.{name}".encode() for app, name in rows))


def _digest(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()
