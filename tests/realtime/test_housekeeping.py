"""What a node does now and then."""

from momentum.realtime.housekeeping import PRUNE_MS, PRUNED_AT_ONCE, WATCH_MS, Housekeeping
from momentum.realtime.hub import Hub

from .fakes import FakeJournal, FakeTiming
from .games import BOB, GAME
from .house import House

KEEP_MS = 60_000


class OldGames(FakeJournal):
    """A journal with so many games that are old enough."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count
        self.asked: list[tuple[int, int]] = []

    async def prune(self, ended_before_ms: int, limit: int) -> int:
        await self._up()
        self.asked.append((ended_before_ms, limit))
        pruned = min(limit, self.count)
        self.count -= pruned
        return pruned


def keeping(journal: FakeJournal, timing: FakeTiming) -> Housekeeping:
    return Housekeeping(journal, timing, hubs={}, look_after=lambda *_: None, keep_ms=KEEP_MS)


async def test_old_journals_are_dropped_a_few_at_a_time_until_none_is_left() -> None:
    journal, timing = OldGames(2 * PRUNED_AT_ONCE + 1), FakeTiming()
    housekeeping = keeping(journal, timing)
    housekeeping.start()
    await timing.advance(PRUNE_MS)
    assert journal.count == 0
    assert journal.asked == [(timing.unix_ms() - KEEP_MS, PRUNED_AT_ONCE)] * 3
    await housekeeping.stop()


async def test_a_journal_that_is_away_is_asked_again_the_next_time() -> None:
    journal, timing = OldGames(1), FakeTiming()
    housekeeping = keeping(journal, timing)
    housekeeping.start()
    journal.down = True
    await timing.advance(PRUNE_MS)
    journal.down = False
    assert journal.count == 1
    await timing.advance(PRUNE_MS)
    assert journal.count == 0
    await housekeeping.stop()


async def test_every_hub_is_looked_after_each_second(house: House) -> None:
    await house.start(BOB)
    seen: list[tuple[Hub, int]] = []
    hubs = house.manager.hubs
    housekeeping = Housekeeping(
        house.journal, house.timing, hubs=hubs, look_after=lambda *each: seen.append(each), keep_ms=KEEP_MS
    )
    housekeeping.start()
    await house.timing.advance(2 * WATCH_MS)
    assert [hub.game_id for hub, _ in seen] == [GAME, GAME]
    assert seen[1][1] - seen[0][1] == WATCH_MS
    await housekeeping.stop()
