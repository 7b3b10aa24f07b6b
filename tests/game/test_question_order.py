"""The order of questions in a run, and of options."""

from hypothesis import given
from hypothesis import strategies as st

from momentum.game.question_order import CLIMB, STEP, climb, option_order

LEVELS = st.lists(st.sampled_from(CLIMB), max_size=60)
SEEDS = st.integers(0, 2**63 - 1)


@given(LEVELS, SEEDS)
def test_a_run_asks_everything_once_and_gets_harder(levels: list[str], seed: int) -> None:
    order = climb(levels, seed)
    assert sorted(order) == list(range(len(levels)))
    asked = [levels[index] for index in order]
    first = [level for level in CLIMB for _ in range(min(STEP, levels.count(level)))]
    assert asked[: len(first)] == first
    rest = [CLIMB.index(level) for level in asked[len(first) :]]
    assert rest == sorted(rest, reverse=True)
    assert climb(levels, seed) == order


def test_runs_differ() -> None:
    assert len({tuple(climb(["easy"] * 20, seed)) for seed in range(50)}) == 50


@given(SEEDS, st.integers(1, 1000))
def test_options_are_all_there_in_the_same_order_again(seed: int, position: int) -> None:
    order = option_order(4, seed, position)
    assert sorted(order) == [0, 1, 2, 3]
    assert option_order(4, seed, position) == order


def test_no_option_has_a_favourite_place() -> None:
    places = [option_order(4, seed, 1).index(0) for seed in range(4000)]
    assert all(850 < places.count(place) < 1150 for place in range(4))
