"""The schema of the databases against the migrations of this code. Needs Django to be set up."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from django.apps import apps
from django.core.management import call_command
from django.db import OperationalError, connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from momentum.web.questions.actions import load_starter_bank
from momentum.wiring.refusal import Refusal

MIGRATING = 6_014_775
"""The advisory lock of who prepares a PostgreSQL database."""


def pending(aliases: Iterable[str] = connections) -> list[str]:
    """Migrations that this code has and one of these databases lacks."""
    loaders = [MigrationLoader(connections[alias]) for alias in aliases]
    return sorted(
        {
            f"{label}.{name}"
            for loader in loaders
            for label, name in loader.graph.nodes.keys() - (loader.applied_migrations or {})
        }
    )


def require_known(aliases: Iterable[str] = connections) -> None:
    """Raise Refusal when the databases are ahead of this code, or do not answer."""
    try:
        applied = [key for alias in aliases for key in MigrationRecorder(connections[alias]).applied_migrations()]
    except OperationalError as error:
        said = str(error).splitlines()[0]
        raise Refusal(
            f"The database does not answer ({said}): check its server and DATABASE_URL, or the data directory."
        ) from error
    refuse_unknown(applied)


def refuse_unknown(applied: Iterable[tuple[str, str]]) -> None:
    """Raise Refusal when one of ours among these migrations is not known to this code."""
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("momentum.")}
    known = MigrationLoader(None).disk_migrations or {}
    strange = sorted(f"{label}.{name}" for label, name in applied if label in ours and (label, name) not in known)
    if strange:
        raise Refusal(
            f"The database is from a newer Momentum ({', '.join(strange)} is not known here): "
            "update this code, or restore a backup from before that update."
        )


def require_current(aliases: Iterable[str] = connections) -> None:
    """Raise Refusal when the databases are ahead of this code, or behind it."""
    require_known(aliases)
    if missing := pending(aliases):
        raise Refusal(
            f"The database lacks {len(missing)} migrations of this code, {missing[0]} first: run momentum migrate."
        )


def migrate(say: Callable[[str], None]) -> None:
    """Bring every database to this code's schema, and load the starter bank. Quick when nothing is to be done."""
    with _alone():
        require_known()
        if missing := pending():
            say(f"preparing the database ({len(missing)} steps)")
            for alias in connections:
                call_command("migrate", database=alias, interactive=False, verbosity=0)
        if load_starter_bank():
            say("the starter bank was loaded")


@contextmanager
def _alone() -> Iterator[None]:
    """On PostgreSQL several machines may start at once: one prepares the database, the others wait for it."""
    if connection.vendor != "postgresql":
        yield
        return
    require_known()  # says it in a sentence where the server is away
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])
