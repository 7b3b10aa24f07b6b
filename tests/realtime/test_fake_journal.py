"""The journal of these tests does what every journal does."""

import pytest

from momentum.realtime.journal.contract import Journal

from .fakes import FakeJournal
from .games import GAME, OTHER
from .journal_contract import JournalContract, Reopen


@pytest.fixture
def journal() -> FakeJournal:
    return FakeJournal()


@pytest.fixture
def reopen() -> Reopen:
    async def same(journal: Journal) -> Journal:
        return journal

    return same


class TestFakeJournal(JournalContract):
    async def result_rows(self, journal: Journal) -> tuple[int, int, int]:
        assert isinstance(journal, FakeJournal)
        kept = [journal.results(game) for game in (GAME, OTHER) if game in journal._games]
        results = [one for one in kept if one is not None]
        return (
            sum(len(one.players) for one in results),
            sum(len(one.questions) for one in results),
            sum(len(one.answers) for one in results),
        )

    async def make_newer(self, journal: Journal, game: str) -> None:
        assert isinstance(journal, FakeJournal)
        journal.newer.add(game)
