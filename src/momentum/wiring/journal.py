"""The journal that DATABASE_URL names."""

from momentum.environment import Environment
from momentum.realtime.journal.contract import Journal
from momentum.realtime.journal.postgres import PostgresJournal
from momentum.realtime.journal.sqlite import SqliteJournal


async def open_journal(environment: Environment) -> Journal:
    """Open it. Raises JournalUnavailable."""
    if environment.database_url is not None:
        return await PostgresJournal.open(environment.database_url)
    return SqliteJournal(environment.data_dir / "games.sqlite3", environment.durability)
