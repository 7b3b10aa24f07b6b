"""The journal that DATABASE_URL names."""

import asyncio
import sqlite3

import structlog

from momentum.environment import Environment
from momentum.realtime.journal.contract import Journal, JournalUnavailable, NotDurable

log = structlog.get_logger(__name__)

ASK_EVERY_S = 0.3


async def open_journal(environment: Environment) -> Journal:
    """Open it; a PostgreSQL server that is away is waited for. Raises JournalUnavailable, and NotDurable where the
    server would lose what it confirms."""
    if environment.database_url:
        return await _postgres(environment.database_url)
    from momentum.realtime.journal.sqlite import SqliteJournal

    try:
        return SqliteJournal(environment.data_dir / "games.sqlite3", environment.durability)
    except sqlite3.Error as error:
        raise JournalUnavailable(str(error)) from error


async def _postgres(url: str) -> Journal:
    from momentum.realtime.journal.postgres import PostgresJournal

    said = ""
    while True:
        try:
            return await PostgresJournal.open(url)
        except NotDurable:
            raise
        except JournalUnavailable as error:
            if str(error) != said:
                said = str(error)
                log.warning("waiting_for_the_database", error=said)
            await asyncio.sleep(ASK_EVERY_S)
