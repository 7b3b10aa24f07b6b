"""How long a node may speak without being heard of."""

from hypothesis import given
from hypothesis import strategies as st

from momentum.realtime.lease import ALONE, Lease, Standing

LEASE = Lease(beat_ms=300, fence_ms=900, dead_ms=1_200)


def test_a_node_falls_silent_before_another_believes_it_dead() -> None:
    """With room for two heartbeats that are late, and for a sleep between looking and speaking."""
    usual = Lease()
    assert 2 * usual.beat_ms < usual.fence_ms < usual.dead_ms


def test_a_node_that_is_alone_shares_nothing_and_is_more_patient() -> None:
    assert not ALONE.shared
    assert ALONE.fence_ms > Lease().fence_ms


def test_the_standing_expires_at_its_moment_after_the_latest_heartbeat() -> None:
    standing = Standing(LEASE)
    standing.renewed(1_000)
    assert not standing.expired(1_899)
    assert standing.expired(1_900)
    standing.renewed(1_800)
    assert not standing.expired(2_699)


@given(st.lists(st.integers(0, 10_000), min_size=1), st.integers(0, 20_000))
def test_the_heartbeat_that_was_sent_last_counts_whichever_is_confirmed_last(sent: list[int], now: int) -> None:
    standing = Standing(LEASE)
    for sent_ms in sent:
        standing.renewed(sent_ms)
    assert standing.expired(now) == (now - max(sent) >= LEASE.fence_ms)


def test_a_node_that_sends_no_heartbeats_misses_none() -> None:
    standing = Standing(LEASE)
    assert standing.resting
    assert not standing.expired(10**9)
    standing.renewed(1_000)
    assert not standing.resting
    standing.rest()
    assert standing.resting
    assert not standing.expired(10**9)
