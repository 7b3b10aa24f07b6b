from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from momentum.web.backoff import pause

FIRST, MOST = timedelta(seconds=10), timedelta(hours=4)
chances = st.floats(0, 1)


@given(st.integers(0, 10**9), chances)
def test_a_pause_is_never_nothing_and_never_longer_than_the_longest(tries: int, chance: float) -> None:
    assert FIRST / 2 <= pause(tries, first=FIRST, most=MOST, chance=chance) <= MOST


@given(st.integers(1, 60), chances)
def test_the_next_pause_is_never_shorter_by_the_same_chance(tries: int, chance: float) -> None:
    one, next_one = (pause(n, first=FIRST, most=MOST, chance=chance) for n in (tries, tries + 1))
    assert one <= next_one <= 2 * one + timedelta(microseconds=2)


def test_it_doubles() -> None:
    assert [pause(n, first=FIRST, most=MOST, chance=1).total_seconds() for n in (1, 2, 3, 20)] == [10, 20, 40, 14_400]
