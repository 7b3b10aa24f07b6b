"""Points: the formula, its edges, and what holds for every input."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from momentum.game import scoring

ANY_MS = st.integers(-(10**12), 10**12)
TIMER_MS = st.integers(1, 600_000)


@pytest.mark.parametrize(
    ("t_ms", "points"),
    [(0, 1000), (499, 1000), (500, 983), (1_000, 967), (4_500, 850), (7_500, 750), (14_999, 500), (15_000, 500)],
)
def test_points_of_a_question_of_fifteen_seconds(t_ms: int, points: int) -> None:
    assert scoring.points(correct=True, t_ms=t_ms, timer_ms=15_000) == points


@given(t_ms=st.integers(0, 600_000), timer_ms=TIMER_MS)
def test_a_wrong_answer_earns_nothing(t_ms: int, timer_ms: int) -> None:
    assert scoring.points(correct=False, t_ms=t_ms, timer_ms=timer_ms) == 0


@given(st.data(), TIMER_MS)
def test_points_are_the_formula_rounded_half_up(data: st.DataObject, timer_ms: int) -> None:
    t_ms = data.draw(st.integers(0, timer_ms))
    exact = 1000 * (1 - Fraction(t_ms, timer_ms) / 2)
    expected = 1000 if t_ms < 500 else int(exact + Fraction(1, 2))
    points = scoring.points(correct=True, t_ms=t_ms, timer_ms=timer_ms)
    assert type(points) is int
    assert points == expected
    assert 500 <= points <= 1000


@given(st.data(), TIMER_MS)
def test_who_is_slower_never_earns_more(data: st.DataObject, timer_ms: int) -> None:
    faster, slower = sorted(data.draw(st.tuples(st.integers(0, timer_ms), st.integers(0, timer_ms))))
    assert scoring.speed_points(faster, timer_ms) >= scoring.speed_points(slower, timer_ms)


@given(elapsed_ms=ANY_MS, network_ms=ANY_MS, timer_ms=TIMER_MS)
def test_whatever_is_measured_the_time_stays_within_the_question(
    elapsed_ms: int, network_ms: int, timer_ms: int
) -> None:
    credit_ms = scoring.credit(elapsed_ms, network_ms)
    t_ms = scoring.time_taken(elapsed_ms, credit_ms, timer_ms)
    assert 0 <= credit_ms <= 150
    assert 0 <= t_ms <= timer_ms
    assert t_ms + credit_ms <= max(elapsed_ms, 0)
    assert 500 <= scoring.points(correct=True, t_ms=t_ms, timer_ms=timer_ms) <= 1000


@given(elapsed_ms=st.integers(650, 15_000), network_ms=ANY_MS)
def test_who_delays_pongs_gains_at_most_five_points(elapsed_ms: int, network_ms: int) -> None:
    honest = scoring.speed_points(elapsed_ms, 15_000)
    credit_ms = scoring.credit(elapsed_ms, network_ms)
    assert scoring.speed_points(scoring.time_taken(elapsed_ms, credit_ms, 15_000), 15_000) - honest <= 5
