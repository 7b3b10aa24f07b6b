"""Games that a node has lost: when they are taken again, and when no longer."""

from hypothesis import given
from hypothesis import strategies as st

from momentum.realtime.losses import CALM_MS, DEFECTS, RETAKE_AT_MOST_MS, RETAKE_MS, Losses

from .games import GAME, OTHER


def test_a_game_is_lost_from_the_first_loss_until_something_is_kept() -> None:
    losses = Losses()
    assert losses.since(GAME) is None
    losses.lost(GAME, 1_000)
    losses.lost(GAME, 2_000)
    assert losses.since(GAME) == losses.earliest == 1_000
    assert losses.missing == {GAME}
    losses.back(GAME, 3_000)
    assert losses.since(GAME) is None
    assert losses.earliest is None
    assert losses.missing == set()


def test_the_earliest_of_all_games_that_are_still_lost_counts() -> None:
    losses = Losses()
    losses.lost(GAME, 1_000)
    losses.lost(OTHER, 2_000)
    assert losses.earliest == 1_000
    losses.back(GAME, 3_000)
    assert losses.earliest == 2_000


def test_a_game_is_taken_again_later_each_time_up_to_a_bound() -> None:
    losses = Losses()
    delays = [losses.lost(GAME, now) for now in range(1_000, 11_000, 1_000)]
    assert delays[0] == RETAKE_MS
    assert delays == sorted(delays)
    assert delays[-1] == RETAKE_AT_MOST_MS
    assert losses.lost(OTHER, 11_000) == RETAKE_MS


@given(st.integers(0, 2 * CALM_MS))
def test_a_game_that_has_lived_for_long_begins_anew(lived_ms: int) -> None:
    losses = Losses()
    for _ in range(DEFECTS - 1):
        assert not losses.failed(GAME, 0)
        losses.lost(GAME, 0)
    losses.back(GAME, 0)
    calm = lived_ms >= CALM_MS
    assert losses.failed(GAME, lived_ms) == (not calm)
    assert (losses.lost(GAME, lived_ms) == RETAKE_MS) == calm


def test_being_lost_for_long_is_not_living() -> None:
    losses = Losses()
    for failure in range(1, DEFECTS + 1):
        assert losses.failed(GAME, failure * 2 * CALM_MS) == (failure == DEFECTS)


def test_losses_that_are_nobodys_fault_set_no_game_aside() -> None:
    losses = Losses()
    for now in range(100):
        losses.lost(GAME, now)
    assert not losses.failed(GAME, 100)


def test_a_game_that_was_never_lost_is_not_back_and_a_forgotten_one_is_new() -> None:
    losses = Losses()
    losses.back(GAME, 0)
    losses.forget(GAME)
    losses.failed(GAME, 0)
    losses.lost(GAME, 0)
    losses.forget(GAME)
    assert losses.missing == set()
    assert losses.lost(GAME, 0) == RETAKE_MS
