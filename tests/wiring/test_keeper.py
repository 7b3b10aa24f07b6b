"""When a service that ended is started again."""

import pytest

from momentum.wiring.keeper import LONGEST_DELAY_S, Backoff


def test_the_first_crash_is_answered_at_once() -> None:
    assert Backoff().delay_after_end(proven=False) == 0


def test_a_service_that_keeps_crashing_at_its_start_is_started_less_and_less_often() -> None:
    backoff = Backoff()
    delays = [backoff.delay_after_end(proven=False) for _ in range(8)]
    assert delays == pytest.approx([0, 0.2, 0.4, 0.8, 1.6, 3.2, LONGEST_DELAY_S, LONGEST_DELAY_S])


def test_a_service_that_had_been_ready_is_back_at_once_however_often_it_is_killed() -> None:
    backoff = Backoff()
    assert [backoff.delay_after_end(proven=True) for _ in range(20)] == [0] * 20


def test_being_ready_once_makes_earlier_crashes_forgotten() -> None:
    backoff = Backoff()
    for _ in range(6):
        backoff.delay_after_end(proven=False)
    assert backoff.delay_after_end(proven=True) == 0
    assert backoff.delay_after_end(proven=False) == 0
    assert backoff.delay_after_end(proven=False) == 0.2
