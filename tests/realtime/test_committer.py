"""Group commit: one append in flight, outputs only after it, a failure never hidden."""

import asyncio

import pytest

from momentum.game.events import GameLocked
from momentum.realtime.committer import Committer
from momentum.realtime.journal.contract import Entry, JournalUnavailable
from momentum.realtime.losses import Loss

from .fakes import FakeJournal, turns
from .games import GAME, OTHER, created, row
from .journal_contract import entries, snapshot, taken


class Writer:
    """A hub that only counts. `say` submits an entry whose release writes `word`."""

    def __init__(self, committer: Committer, game_id: str = GAME, epoch: int = 1) -> None:
        self.game_id = game_id
        self.epoch = epoch
        self.seq = 2
        self.released: list[str] = []
        self.losses: list[Loss] = []
        self._committer = committer

    def lost(self, why: Loss) -> None:
        self.losses.append(why)

    def say(self, word: str) -> None:
        self.seq += 1
        entry = Entry(self.seq, GameLocked(at=0, locked=True), 0)
        self._committer.submit(self, [entry], lambda: self.released.append(word))

    def whisper(self, word: str) -> None:
        """Without an entry."""
        self._committer.submit(self, [], lambda: self.released.append(word))


@pytest.fixture
async def journal() -> FakeJournal:
    journal = FakeJournal()
    for game_id in (GAME, OTHER):
        await journal.create(row(game_id), "node-1", entries(1, created(game_id), taken()))
    return journal


@pytest.fixture
def committer(journal: FakeJournal) -> Committer:
    return Committer(journal)


async def test_what_depends_on_nothing_is_released_at_once(committer: Committer) -> None:
    writer = Writer(committer)
    writer.whisper("hello")
    assert writer.released == ["hello"]


async def test_outputs_are_released_in_order_after_the_append(committer: Committer, journal: FakeJournal) -> None:
    writer = Writer(committer)
    journal.hold()
    for word in ("1", "2"):
        writer.say(word)
    writer.whisper("3")
    await turns()
    writer.say("4")
    writer.whisper("5")
    await turns()
    assert writer.released == []
    journal.let_go()
    await committer.flushed()
    assert writer.released == ["1", "2", "3", "4", "5"]
    assert [len(batch[0].entries) for batch in journal.batches] == [2, 1]


async def test_a_snapshot_is_kept_with_its_entries_and_a_later_one_replaces_it(
    committer: Committer, journal: FakeJournal
) -> None:
    writer = Writer(committer)
    journal.hold()
    writer.say("1")
    await turns()
    for seq in (4, 5):
        entry = Entry(seq, GameLocked(at=0, locked=True), 0)
        committer.submit(writer, [entry], lambda: None, snapshot=snapshot(seq))
    writer.seq = 5
    writer.say("6")
    journal.let_go()
    await committer.flushed()
    assert [batch[0].snapshot for batch in journal.batches] == [None, snapshot(5)]


async def test_a_game_that_waits_for_nothing_does_not_wait_for_others(
    committer: Committer, journal: FakeJournal
) -> None:
    mine, other = Writer(committer), Writer(committer, OTHER)
    journal.hold()
    mine.say("kept later")
    await turns()
    other.whisper("at once")
    assert other.released == ["at once"]
    journal.let_go()
    await committer.flushed()


async def test_what_only_waits_is_appended_as_nothing(committer: Committer, journal: FakeJournal) -> None:
    writer = Writer(committer)
    journal.hold()
    writer.say("1")
    await turns()
    writer.whisper("2")
    await turns()
    journal.let_go()
    await committer.flushed()
    assert len(journal.batches) == 1
    assert writer.released == ["1", "2"]


@pytest.mark.parametrize(
    ("failure", "why"),
    [(JournalUnavailable("gone"), "unknown"), (ValueError("a defect"), "defect"), (RuntimeError("a defect"), "defect")],
)
async def test_every_failure_of_an_append_loses_who_was_in_it(
    committer: Committer, journal: FakeJournal, failure: Exception, why: Loss
) -> None:
    mine, other = Writer(committer), Writer(committer, OTHER)
    journal.raises = [failure]
    mine.say("never")
    other.say("never")
    await committer.flushed()
    assert (mine.released, mine.losses) == ([], [why])
    assert (other.released, other.losses) == ([], [why])
    other.say("kept")
    await committer.flushed()
    assert other.released == ["kept"]


async def test_what_was_submitted_meanwhile_is_lost_with_it(committer: Committer, journal: FakeJournal) -> None:
    writer = Writer(committer)
    journal.hold()
    journal.raises = [JournalUnavailable("gone")]
    writer.say("1")
    await turns()
    writer.say("2")
    journal.let_go()
    await committer.flushed()
    assert writer.released == []
    assert len(journal.batches) == 1


async def test_a_writer_that_is_fenced_is_told_so(committer: Committer) -> None:
    writer, other = Writer(committer, epoch=7), Writer(committer, OTHER)
    writer.say("never")
    other.say("kept")
    await committer.flushed()
    assert (writer.released, writer.losses) == ([], ["fenced"])
    assert (other.released, other.losses) == (["kept"], [])


async def test_a_release_that_fails_loses_its_game_and_no_other(committer: Committer) -> None:
    mine, other = Writer(committer), Writer(committer, OTHER)

    def explode() -> None:
        raise RuntimeError("a defect")

    mine.say("1")
    committer.submit(mine, [], explode)
    mine.say("3")
    other.say("kept")
    await committer.flushed()
    assert (mine.released, mine.losses) == (["1"], ["defect"])
    assert (other.released, other.losses) == (["kept"], [])


async def test_a_new_writer_of_a_game_is_not_lost_with_the_old_one(committer: Committer, journal: FakeJournal) -> None:
    """A journal whose calls overtake each other: the game is taken again before the old append has answered."""
    old, new = Writer(committer), Writer(committer, epoch=2)
    journal.hold()
    old.say("never")
    await turns()
    committer.drop(old)
    await journal.take(GAME, "node-1")
    new.say("kept")
    await turns()
    journal.let_go()
    await committer.flushed()
    assert (old.released, old.losses) == ([], ["fenced"])
    assert (new.released, new.losses) == (["kept"], [])


async def test_waiting_for_what_is_submitted_does_not_wait_for_what_comes_later(
    committer: Committer, journal: FakeJournal
) -> None:
    mine, other = Writer(committer), Writer(committer, OTHER)
    busy = True

    def again() -> None:
        if busy:
            other.seq += 1
            committer.submit(other, [Entry(other.seq, GameLocked(at=0, locked=True), 0)], again)

    again()
    await turns()
    mine.say("kept")
    async with asyncio.timeout(1):
        await committer.flushed()
    assert mine.released == ["kept"]
    busy = False
    await committer.flushed()
