"""Where tables live: the site's in one database, the games' in another that only realtime writes while it runs."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

KEPT_S = 60
"""How long a thread keeps its connection; opening one costs more than most pages ask of it."""


def configuration(database_url: str | None, data_dir: Path, *, survive_power_cut: bool) -> dict[str, Any]:
    """Django's DATABASES: two SQLite files in the data directory, or one PostgreSQL database under both names."""
    if database_url:
        server = _postgresql(database_url)
        return {"default": server, "games": {**server, "TEST": {"MIRROR": "default"}}}
    synchronous = "FULL" if survive_power_cut else "NORMAL"
    return {
        alias: {
            "ENGINE": "django.db.backends.sqlite3",
            "CONN_MAX_AGE": KEPT_S,
            "NAME": data_dir / f"{file}.sqlite3",
            "OPTIONS": {
                "timeout": 5,
                # A transaction that will write takes its lock at once: upgrading a read lock fails without waiting.
                "transaction_mode": "IMMEDIATE",
                "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous};",
            },
        }
        for alias, file in (("default", "site"), ("games", "games"))
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": KEPT_S,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


class GamesApart:
    """Sends the app `games` to the database of that name and everything else to `default`."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return "games" if model._meta.app_label == "games" else "default"

    db_for_write = db_for_read

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return bool((one._meta.app_label == "games") == (other._meta.app_label == "games"))

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return (app_label == "games") == (db == "games")
