"""`momentum restore FOLDER`: puts a backup in the place of the present data, which is kept beside it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from momentum.environment import Environment
from momentum.wiring import manifest, restored
from momentum.wiring.django_setup import set_up_django
from momentum.wiring.quiet import nothing_runs
from momentum.wiring.refusal import Refusal

WORDS = {"sqlite": "SQLite files", "postgresql": "PostgreSQL"}


def run(environment: Environment, folder: Path, say: Callable[[str], None]) -> int:
    """Raises Refusal; then everything is as it was."""
    saved = manifest.read(folder)
    kind = manifest.kind_of(environment)
    if saved.kind != kind:
        advice = "unset DATABASE_URL" if saved.kind == "sqlite" else "set DATABASE_URL"
        raise Refusal(f"The backup is of {WORDS[saved.kind]}, this installation is on {WORDS[kind]}: {advice}.")
    set_up_django()
    from momentum.wiring import restoring_database, restoring_files

    stamp = datetime.now(UTC).strftime("%Y%m%d_%H%M%S")
    with nothing_runs(environment):
        if environment.database_url is None:
            games, aside = restoring_files.restore(environment.data_dir, folder, stamp)
        else:
            games, aside = restoring_database.restore(environment.database_url, folder, stamp)
    say(f"The backup of {saved.made_at} (Momentum {saved.momentum}) is in place.")
    say(f"What was there before is now {aside}." if aside else "There was nothing before.")
    say(restored.told(games))
    return 0
