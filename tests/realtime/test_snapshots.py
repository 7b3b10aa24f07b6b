"""A snapshot is the game, whole, and is taken when it is worth it."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.game.test_game_machine import a_new_table, meddle, play, wait

from momentum.game.apply import apply, replay
from momentum.game.events import Event, GameStarted
from momentum.realtime import snapshots
from momentum.realtime.recovery import recover
from momentum.realtime.snapshots import FORM, Snapshots, game_of, is_due, snapshot_of

from .games import ALICE, BOB, GAME, created
from .house import House
from .journal_contract import answered, closed, ended, joined, opened
from .test_recovery import as_taken

OPENED = (created(), joined(), GameStarted(at=15, first_question_at=20), opened())


def a_journal(seed: int, moves: int) -> list[Event]:
    """Of a game that is played by chance."""
    chance = random.Random(seed)
    table = a_new_table(chance)
    for _ in range(moves):
        if not table.game.paused:
            table.at += chance.choice((0, 300, 2_000))
        chance.choices((play, wait, meddle), (6, 2, 2))[0](table, chance)
    return table.journal


@given(seed=st.integers(0, 2**32), moves=st.integers(0, 60))
def test_wherever_a_snapshot_stands_the_game_goes_on_from_it_as_it_was(seed: int, moves: int) -> None:
    journal = a_journal(seed, moves)
    whole = replay(journal)
    for seq in range(1, len(journal) + 1):
        then = replay(journal[:seq])
        again = game_of(snapshot_of(then))
        assert again == then
        assert [*again.seats] == [*then.seats]
        assert [*again.answered] == [*then.answered]
        assert recover(as_taken(journal, snapshot_after=seq, epoch=whole.epoch)).game == whole


def test_a_snapshot_says_after_which_entry_it_stands_and_of_which_code_it_is() -> None:
    game = replay(OPENED)
    snapshot = snapshot_of(game)
    assert (snapshot.seq, snapshot.version) == (4, FORM)
    assert 0 < len(FORM) <= 32


def test_other_code_has_another_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspect.getsource", lambda module: f"the code of {module.__name__}, changed")
    assert snapshots._form() != FORM


@pytest.mark.parametrize(
    ("seq", "latest", "due"),
    [
        (999, 0, False),
        (1_000, 0, True),
        (1_999, 1_000, False),
        (2_000, 1_000, True),
        (10_000, 8_000, False),
        (10_000, 7_500, True),
    ],
)
def test_a_snapshot_is_due_after_a_thousand_entries_and_a_quarter_of_the_journal(
    seq: int, latest: int, due: bool
) -> None:
    assert is_due(seq, latest) is due


@given(closes=st.lists(st.integers(1, 3_000), min_size=1, max_size=200))
def test_all_snapshots_together_are_a_few_times_the_journal(closes: list[int]) -> None:
    """Which is what linear means. The tail stays small beside the whole, where questions are."""
    seq = latest = kept = 0
    for new in closes:
        seq += new
        if is_due(seq, latest):
            latest = seq
            kept += seq
    assert kept <= 5 * seq


def test_a_snapshot_is_taken_when_a_question_closes_and_not_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "FEWEST_ENTRIES", 5)
    game, own = replay(OPENED), Snapshots()
    assert own.after(game, [opened()]) is None
    apply(game, answered())
    assert own.after(game, [answered()]) is None
    apply(game, closed())
    assert own.after(game, [answered(), closed()]) == snapshot_of(game)
    assert own.after(game, [closed()]) is None, "there is one already"
    apply(game, ended())
    assert Snapshots().after(game, [closed(), ended()]) is None


async def test_a_hub_keeps_a_snapshot_with_what_closes_a_question(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "FEWEST_ENTRIES", 3)
    await house.open()
    alice, bob = await house.enter(ALICE), await house.enter(BOB)
    await alice.say("START_GAME")
    await bob.answer()
    assert house.phase == "reveal"
    kept = await house.journal.take(GAME, "node-1")
    assert kept is not None
    assert kept.snapshot is not None
    assert (kept.snapshot.seq, kept.entries) == (house.hub.game.rev, ())
    assert recover(kept).game.seats == house.hub.game.seats
