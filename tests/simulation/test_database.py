"""The simulated journal does what every journal does; and it fails as a database over a network fails."""

import asyncio
from random import Random

import pytest
from tests.realtime.games import GAME, created, row
from tests.realtime.journal_contract import JournalContract, Reopen, entries, joined, part, taken

from momentum.realtime.journal.contract import Journal, JournalUnavailable

from .database import TIMEOUT_S, Database, Weather
from .journal import SimulatedJournal
from .loop import VirtualLoop


@pytest.fixture
async def database() -> Database:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    return Database(loop, Random(1), Weather())


@pytest.fixture
async def journal(database: Database) -> SimulatedJournal:
    return another(database)


def another(database: Database) -> SimulatedJournal:
    """Another process' way to the same database."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    return SimulatedJournal(loop, database)


@pytest.fixture
def reopen(database: Database) -> Reopen:
    async def open_anew(_journal: Journal) -> Journal:
        return another(database)

    return open_anew


class TestSimulatedJournal(JournalContract):
    @pytest.fixture(autouse=True)
    def _database(self, database: Database) -> None:
        self.database = database

    async def result_rows(self, journal: Journal) -> tuple[int, int, int]:
        results = [game.results for game in self.database.games.values() if game.results is not None]
        return (
            sum(len(one.players) for one in results),
            sum(len(one.questions) for one in results),
            sum(len(one.answers) for one in results),
        )

    async def make_newer(self, journal: Journal, game: str) -> None:
        self.database.newer.add(game)


async def begun(journal: Journal) -> None:
    await journal.create(row(), "node-1", entries(1, created(), taken()))


async def test_a_lost_call_has_no_effect(database: Database, journal: SimulatedJournal) -> None:
    await begun(journal)
    database.weather = Weather(lost=1.0)
    with pytest.raises(JournalUnavailable):
        await journal.append([part(joined(), seq=3)])
    await asyncio.sleep(TIMEOUT_S)
    assert len(database.games[GAME].entries) == 2


async def test_a_call_of_unknown_outcome_has_its_effect_all_the_same(
    database: Database, journal: SimulatedJournal
) -> None:
    await begun(journal)
    database.weather = Weather(unknown=1.0)
    with pytest.raises(JournalUnavailable):
        await journal.append([part(joined(), seq=3)])
    await asyncio.sleep(TIMEOUT_S)
    assert len(database.games[GAME].entries) == 3


async def test_whoever_takes_a_game_waits_for_the_append_that_is_under_way_and_sees_it(
    database: Database, journal: SimulatedJournal
) -> None:
    await begun(journal)
    database.weather = Weather(commit_s=(1.0, 1.0))
    append = asyncio.ensure_future(journal.append([part(joined(), seq=3)]))
    await asyncio.sleep(0.5)
    game = await another(database).take(GAME, "node-2")
    assert game is not None
    assert len(game.entries) == 3
    assert await append == {GAME: "kept"}


async def test_what_arrives_after_the_game_was_taken_is_not_kept(database: Database, journal: SimulatedJournal) -> None:
    await begun(journal)
    database.weather = Weather(late=1.0)
    append = asyncio.ensure_future(journal.append([part(joined(), seq=3)]))
    await asyncio.sleep(0)
    database.weather = Weather()
    assert await another(database).take(GAME, "node-2") is not None
    with pytest.raises(JournalUnavailable):
        await append
    await asyncio.sleep(2 * TIMEOUT_S)
    assert len(database.games[GAME].entries) == 2


async def test_a_restart_loses_what_was_not_committed(database: Database, journal: SimulatedJournal) -> None:
    await begun(journal)
    database.weather = Weather(commit_s=(1.0, 1.0))
    append = asyncio.ensure_future(journal.append([part(joined(), seq=3)]))
    await asyncio.sleep(0.5)
    database.restart()
    with pytest.raises(JournalUnavailable):
        await append
    assert len(database.games[GAME].entries) == 2


async def test_a_database_that_is_down_refuses(database: Database, journal: SimulatedJournal) -> None:
    database.up = False
    with pytest.raises(JournalUnavailable):
        await journal.open_games()
