"""The schema of the databases against the migrations of this code. Needs Django to be set up."""

from collections.abc import Callable

from django.apps import apps
from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from momentum.web.questions.actions import load_starter_bank
from momentum.wiring.refusal import Refusal


def newer() -> list[str]:
    """Migrations of ours that a database has and this code does not know."""
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("momentum.")}
    loaders = [MigrationLoader(connections[alias]) for alias in connections]
    return sorted(
        f"{label}.{name}"
        for loader in loaders
        for label, name in loader.applied_migrations or {}
        if label in ours and (label, name) not in loader.disk_migrations
    )


def pending() -> list[str]:
    """Migrations that this code has and a database lacks."""
    loaders = [MigrationLoader(connections[alias]) for alias in connections]
    return sorted(
        {
            f"{label}.{name}"
            for loader in loaders
            for label, name in loader.graph.nodes.keys() - (loader.applied_migrations or {})
        }
    )


def require_known() -> None:
    """Raise Refusal when the databases are ahead of this code."""
    if unknown := newer():
        raise Refusal(
            f"The database is from a newer Momentum ({', '.join(unknown)} is not known here): "
            "update this code, or restore a backup from before that update."
        )


def require_current() -> None:
    """Raise Refusal when the databases are ahead of this code, or behind it."""
    require_known()
    if missing := pending():
        raise Refusal(
            f"The database lacks {len(missing)} migrations of this code, {missing[0]} first: run momentum migrate."
        )


def migrate(say: Callable[[str], None]) -> None:
    """Bring every database to this code's schema, and load the starter bank. Quick when nothing is to be done."""
    require_known()
    if missing := pending():
        say(f"preparing the database ({len(missing)} steps)")
        for alias in connections:
            call_command("migrate", database=alias, interactive=False, verbosity=0)
    if load_starter_bank():
        say("the starter bank was loaded")
