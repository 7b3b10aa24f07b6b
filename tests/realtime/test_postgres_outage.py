"""The PostgreSQL journal while its server is stopped, killed and started again."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from tests.postgres_server import OwnPostgres

from momentum.realtime.journal.contract import Journal, JournalUnavailable
from momentum.realtime.journal.postgres import PostgresJournal

from .games import GAME, created, row
from .journal_contract import a_node, entries, joined, part, taken


@pytest.fixture
async def journal(mortal_postgres: OwnPostgres) -> AsyncIterator[PostgresJournal]:
    journal = await PostgresJournal.open(mortal_postgres.url("games"))
    assert await journal.create(row(), "node-1", entries(1, created(), taken()))
    yield journal
    await journal.close()


async def test_a_restart_between_two_appends_is_not_even_noticed(
    journal: Journal, mortal_postgres: OwnPostgres
) -> None:
    assert await journal.append([part(joined("bob"), seq=3)]) == {GAME: "kept"}
    await asyncio.to_thread(mortal_postgres.restart)
    assert await journal.append([part(joined("dora"), seq=4)]) == {GAME: "kept"}
    assert await journal.beat(a_node("node-1"), 500)


async def test_while_the_server_is_away_every_call_says_so(journal: Journal, mortal_postgres: OwnPostgres) -> None:
    mortal_postgres.kill()
    for call in (journal.append([part(joined(), seq=3)]), journal.take(GAME, "node-2"), journal.find(GAME)):
        began = time.monotonic()
        with pytest.raises(JournalUnavailable):
            await call
        assert time.monotonic() - began < 0.5
    await asyncio.to_thread(mortal_postgres.start)
    assert await journal.append([part(joined(), seq=3)]) == {GAME: "kept"}


async def test_nothing_that_was_kept_is_lost_when_the_server_is_killed_in_the_middle(
    journal: Journal, mortal_postgres: OwnPostgres
) -> None:
    """Of the append that was under way nobody knows; who takes the game learns it, and goes on."""
    seq, epoch, kept = 2, 1, 2
    for _ in range(3):
        killer = asyncio.create_task(asyncio.to_thread(kill_soon, mortal_postgres))
        with pytest.raises(JournalUnavailable):
            while True:
                verdict = await journal.append([part(joined(f"user-{seq + 1}"), seq=seq + 1, epoch=epoch)])
                assert verdict == {GAME: "kept"}
                seq = kept = seq + 1
        await killer
        await asyncio.to_thread(mortal_postgres.start)
        again = await journal.take(GAME, "node-1")
        assert again is not None
        assert [entry.seq for entry in again.entries] in ([*range(1, kept + 1)], [*range(1, kept + 2)])
        seq, epoch = len(again.entries), again.epoch
    assert seq > 20, "it was killed in the middle of something"


def kill_soon(server: OwnPostgres) -> None:
    time.sleep(0.3)
    server.kill()
