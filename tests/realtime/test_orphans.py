"""Which games of dead nodes a node takes, and when."""

import pytest

from momentum.realtime.journal.contract import JournalUnavailable, Whereabouts
from momentum.realtime.lease import Lease
from momentum.realtime.membership import Membership
from momentum.realtime.orphans import LOOK_EVERY_MS, TURN_MS, Orphans

from .fakes import FakeJournal, FakeTiming
from .games import GAME, created, row
from .journal_contract import a_node, entries, taken

LEASE = Lease()
GAMES = [f"5f1c6c1e-0000-4000-8000-{number:012}" for number in range(1, 13)]


class Survivor:
    """What one node sees of the games of a node that died."""

    def __init__(self, name: str, timing: FakeTiming, journal: FakeJournal) -> None:
        self.journal = journal
        self.membership = Membership(
            journal,
            timing,
            node=a_node(name),
            lease=LEASE,
            known_dead=lambda _: False,
            needed=lambda: True,
            lost_since=lambda: None,
            heard=lambda: None,
            fenced=lambda: None,
        )
        self.orphans = Orphans(journal, self.membership, timing)

    async def due(self) -> set[str]:
        await self.membership.beat()
        return {game.game_id for game in await self.orphans.due(await self.journal.open_games())}


@pytest.fixture
def timing() -> FakeTiming:
    return FakeTiming()


@pytest.fixture
async def journal() -> FakeJournal:
    """The games of a node whose heartbeat stands."""
    journal = FakeJournal()
    await journal.beat(a_node("dead"), 0)
    for game_id in GAMES:
        await journal.create(row(game_id), "dead", entries(1, created(game_id), taken()))
    return journal


async def test_of_the_living_each_takes_its_own_first_and_all_if_nobody_else_does(
    timing: FakeTiming, journal: FakeJournal
) -> None:
    survivors = [Survivor(name, timing, journal) for name in ("one", "two", "three")]
    for _ in range(LEASE.dead_ms // 300):
        assert [await one.due() for one in survivors] == [set(), set(), set()]
        await timing.advance(300)
    first = [await one.due() for one in survivors]
    assert set().union(*first) == set(GAMES)
    assert sum(map(len, first)) == len(GAMES), "two nodes would try at once"
    await timing.advance(TURN_MS)
    second = [await one.due() for one in survivors]
    assert sum(map(len, second)) == 2 * len(GAMES)
    await timing.advance(TURN_MS)
    assert [await one.due() for one in survivors] == [set(GAMES)] * 3


async def test_what_was_handed_over_is_to_be_had_at_once(timing: FakeTiming, journal: FakeJournal) -> None:
    """By the first in its order: by this one, where the node that has left is forgotten and no other lives."""
    one = Survivor("one", timing, journal)
    await journal.hand_over(GAMES, "dead")
    await journal.forget("dead")
    assert await one.due() == set(GAMES)


async def test_a_node_that_comes_to_life_again_keeps_its_games(timing: FakeTiming, journal: FakeJournal) -> None:
    one, two = Survivor("one", timing, journal), Survivor("two", timing, journal)
    for _ in range(5):
        await two.membership.beat()
        await one.due()
        await timing.advance(300)
    assert one.membership.peers.dead == ["dead"]
    await journal.beat(a_node("dead"), 0)
    assert await one.due() == set()
    assert one.orphans._since == {}


async def test_it_is_looked_for_some_now_and_then_and_always_while_a_node_is_dead(
    timing: FakeTiming, journal: FakeJournal
) -> None:
    one = Survivor("one", timing, journal)
    assert one.orphans.expected
    await one.due()
    assert not one.orphans.expected
    await timing.advance(LOOK_EVERY_MS)
    assert one.orphans.expected
    for _ in range(3):
        await one.due()
        await timing.advance(LEASE.dead_ms // 2)
    await one.due()
    assert one.orphans.expected


async def test_a_dead_node_is_forgotten_once_it_owns_nothing_open(timing: FakeTiming, journal: FakeJournal) -> None:
    one = Survivor("one", timing, journal)
    for _ in range(5):
        await one.due()
        await timing.advance(300)
    await one.orphans.bury()
    assert "dead" in journal._beats, "whoever takes its games wants to know until when it lived"
    await journal.hand_over(GAMES, "dead")
    await one.orphans.bury()
    assert "dead" not in journal._beats


async def test_without_the_journal_nothing_is_due(timing: FakeTiming, journal: FakeJournal) -> None:
    one = Survivor("one", timing, journal)
    journal.down = True
    where = Whereabouts(game_id=GAME, node="new", access="anyone", incarnation="", ended=False)
    with pytest.raises(JournalUnavailable):
        await one.orphans.due([where])
