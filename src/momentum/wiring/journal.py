"""The journal that DATABASE_URL names."""

from momentum.environment import Environment
from momentum.realtime.journal.contract import Journal
from momentum.realtime.journal.sqlite import SqliteJournal


async def open_journal(environment: Environment) -> Journal:
    """Open it. Raises JournalUnavailable."""
    return SqliteJournal(environment.data_dir / "games.sqlite3", environment.durability)
