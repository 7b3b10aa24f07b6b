"""The credit for the network: what the server has measured, never what a client says."""

import pytest

from momentum.realtime.round_trips import WARM_UP, RoundTrips


def test_nothing_is_known_at_first() -> None:
    assert RoundTrips().credit_ms == 0


def test_the_smallest_round_trip_counts() -> None:
    trips = RoundTrips()
    for sent, took in ((0, 80_000), (1_000_000, 45_900), (2_000_000, 300_000)):
        trips.pong(trips.ping(sent), sent + took)
    assert trips.credit_ms == 45


@pytest.mark.parametrize("took_ms", [150, 151, 2_000, 60_000])
def test_whoever_delays_every_pong_gains_no_more_than_the_cap(took_ms: int) -> None:
    trips = RoundTrips()
    for sent in range(0, 10_000_000, 1_000_000):
        trips.pong(trips.ping(sent), sent + took_ms * 1_000)
    assert trips.credit_ms == 150


def test_a_forged_pong_changes_nothing() -> None:
    trips = RoundTrips()
    payload = trips.ping(1_000_000)
    assert not trips.pong(b"\x00" * 8, 1_000_001)
    assert not trips.pong(payload[:-1], 1_000_001)
    assert trips.waiting
    assert trips.credit_ms == 0


def test_a_pong_counts_once() -> None:
    trips = RoundTrips()
    payload = trips.ping(0)
    trips.pong(payload, 20_000)
    assert not trips.pong(payload, 1_000_000_000)
    assert trips.credit_ms == 20


def test_the_first_pings_go_out_one_after_the_other() -> None:
    trips = RoundTrips()
    warming_up = []
    for sent in range(WARM_UP + 2):
        trips.pong(trips.ping(sent), sent + 1)
        warming_up.append(trips.warming_up)
    assert warming_up == [True] * (WARM_UP - 1) + [False] * 3


def test_only_a_ping_without_an_answer_is_waited_for() -> None:
    trips = RoundTrips()
    assert trips.waited_us(5) == 0
    payload = trips.ping(1_000)
    assert trips.waited_us(4_000) == 3_000
    trips.pong(payload, 5_000)
    assert trips.waited_us(9_000) == 0
