"""Where tables live: the site's in one database, the games' in another that only realtime writes while it runs."""

from pathlib import Path
from typing import Any

KEPT_S = 60
"""How long a thread keeps its SQLite connection; opening one costs more than most pages ask of it."""
MOST_CONNECTIONS = 8
"""To PostgreSQL, of one process: as many as the site has threads."""
WAIT_S = 3
"""How long a request waits for one of them before it is answered that the database is away."""


def configuration(database_url: str | None, data_dir: Path, *, survive_power_cut: bool) -> dict[str, Any]:
    """Django's DATABASES: two SQLite files in the data directory, or one PostgreSQL database for all."""
    if database_url:
        return {"default": _postgresql(database_url)}
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


def routers(database_url: str | None) -> list[str]:
    """Django's DATABASE_ROUTERS."""
    return [] if database_url else ["momentum.web.databases.GamesApart"]


def _postgresql(url: str) -> dict[str, Any]:
    """As few connections as are needed at a time, each looked at before it is used: the server may have restarted."""
    from psycopg.conninfo import conninfo_to_dict

    parts = conninfo_to_dict(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": WAIT_S,
            "application_name": "momentum",
            **parts,
            # A connection that cannot be made is given up soon: whoever asks next tries at once.
            "pool": {"min_size": 0, "max_size": MOST_CONNECTIONS, "timeout": WAIT_S, "reconnect_timeout": 1.0},
        },
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
