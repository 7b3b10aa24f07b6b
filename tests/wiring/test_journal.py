"""Which journal a node writes, and what it does while its database is away."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from tests.postgres_server import OwnPostgres

from momentum.environment import Environment
from momentum.realtime.journal.contract import JournalUnavailable, NotDurable
from momentum.realtime.journal.postgres import PostgresJournal
from momentum.realtime.journal.sqlite import SqliteJournal
from momentum.wiring import realtime
from momentum.wiring.journal import open_journal
from momentum.wiring.refusal import Refusal


async def test_without_a_database_url_the_games_are_in_a_file(environment: Environment, games_file: Path) -> None:
    journal = await open_journal(replace(environment, data_dir=games_file.parent))
    assert isinstance(journal, SqliteJournal)
    assert await journal.open_games() == []
    await journal.close()


async def test_a_file_that_cannot_be_opened_is_told_and_not_waited_for(
    environment: Environment, tmp_path: Path
) -> None:
    with pytest.raises(JournalUnavailable, match="unable to open"):
        await open_journal(replace(environment, data_dir=tmp_path / "nowhere"))


def test_a_realtime_without_its_games_says_what_to_do(environment: Environment) -> None:
    (environment.data_dir / "games.sqlite3").mkdir(parents=True)
    with pytest.raises(Refusal, match="momentum check"):
        realtime.run(replace(environment, realtime_port=0))


async def test_a_server_that_is_away_is_waited_for_and_that_is_said_once(
    environment: Environment, mortal_postgres: OwnPostgres
) -> None:
    url = mortal_postgres.url("games")
    mortal_postgres.kill()
    with structlog.testing.capture_logs() as logs:
        opening = asyncio.create_task(open_journal(replace(environment, database_url=url)))
        await asyncio.sleep(2)
        assert not opening.done()
        await asyncio.to_thread(mortal_postgres.start)
        async with asyncio.timeout(20):
            journal = await opening
    assert isinstance(journal, PostgresJournal)
    assert await journal.open_games() == []
    await journal.close()
    waiting = [line for line in logs if line["event"] == "waiting_for_the_database"]
    assert 1 <= len(waiting) == len({line["error"] for line in waiting}), "the same is said twice"


def test_a_server_that_would_lose_what_it_confirms_is_refused(environment: Environment) -> None:
    with OwnPostgres(fsync="off") as server:
        careless = replace(environment, database_url=server.url("postgres"))
        with pytest.raises(NotDurable):
            asyncio.run(open_journal(careless))
        with pytest.raises(Refusal, match="fsync is off"):
            realtime.run(careless)
