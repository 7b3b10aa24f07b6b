"""From a journal to a game, and where its clock goes on."""

import pytest

from momentum.game.apply import replay
from momentum.game.events import Event, GamePaused, GameStarted
from momentum.realtime.journal.contract import Entry, Taken
from momentum.realtime.recovery import recover
from momentum.realtime.snapshots import snapshot_of

from .games import created
from .journal_contract import closed, ended, entries, joined, opened, taken

PLAYED = (created(), taken(), joined(), GameStarted(at=15, first_question_at=20), opened())
"""The last entry at 20 ms of the game's clock, and 500 of its writer's."""


def as_taken(
    journal: "list[Event] | tuple[Event, ...]", *, snapshot_after: int = 0, epoch: int = 7, beat_ms: int | None = None
) -> Taken:
    written = entries(1, *journal)
    return Taken(
        epoch=epoch,
        access="anyone",
        incarnation="incarnation-1",
        snapshot=snapshot_of(replay(journal[:snapshot_after])) if snapshot_after else None,
        entries=written[snapshot_after:],
        last_mono_ms=written[-1].mono_ms,
        beat_ms=beat_ms,
    )


@pytest.mark.parametrize("snapshot_after", [0, 3, 5])
@pytest.mark.parametrize(
    ("beat_ms", "lost_ms", "at"),
    [
        pytest.param(None, None, 20, id="nothing is known but the last entry"),
        pytest.param(900, None, 420, id="a heartbeat came later"),
        pytest.param(400, None, 20, id="the last heartbeat came before"),
        pytest.param(900, 700, 220, id="lost before the last heartbeat"),
        pytest.param(900, 2_000, 420, id="lost after the last heartbeat"),
        pytest.param(None, 700, 20, id="lost without any heartbeat"),
    ],
)
def test_the_clock_goes_on_from_the_last_sign_of_life(
    snapshot_after: int, beat_ms: int | None, lost_ms: int | None, at: int
) -> None:
    one = as_taken(PLAYED, snapshot_after=snapshot_after, beat_ms=beat_ms)
    assert recover(one, lost_ms).at == at


@pytest.mark.parametrize(
    "more",
    [
        pytest.param((GamePaused(at=30),), id="paused"),
        pytest.param((closed(), ended()), id="over"),
    ],
)
def test_a_clock_that_stood_still_has_not_run_on(more: tuple[Event, ...]) -> None:
    journal = (*PLAYED, *more)
    assert recover(as_taken(journal, beat_ms=9_000)).at == more[-1].at


def test_the_game_has_the_epoch_of_who_took_it() -> None:
    assert recover(as_taken(PLAYED, epoch=9)).game.epoch == 9
    assert recover(as_taken(PLAYED, snapshot_after=5, epoch=9)).game.epoch == 9


@pytest.mark.parametrize("snapshot_after", [0, 3])
def test_a_journal_with_a_hole_is_no_game(snapshot_after: int) -> None:
    one = as_taken(PLAYED, snapshot_after=snapshot_after)
    *others, last = one.entries
    holed = Taken(
        epoch=one.epoch,
        access=one.access,
        incarnation=one.incarnation,
        snapshot=one.snapshot,
        entries=(*others, Entry(last.seq + 1, last.event, last.mono_ms)),
        last_mono_ms=one.last_mono_ms,
        beat_ms=None,
    )
    with pytest.raises(AssertionError, match="hole"):
        recover(holed)
