"""What a room makes of the envelopes of one hub, whatever the way does to them."""

from hypothesis import given
from hypothesis import strategies as st

from momentum.realtime.messages import Envelope
from momentum.realtime.sequence import EARLY, Sequence


def envelope(number: int, *, pulse: bool = False) -> Envelope:
    return Envelope(epoch=1, number=number, rev=0, pulse=pulse)


def pulse(number: int) -> Envelope:
    return envelope(number, pulse=True)


def heard(sequence: Sequence, *received: Envelope) -> list[int]:
    return [ready.number for one in received for ready in sequence.receive(one)]


ways = st.lists(st.builds(envelope, st.integers(1, 30), pulse=st.booleans()), min_size=1, max_size=80)
"""Envelopes as they may arrive: some lost, some twice, in any order."""


@given(ways)
def test_what_is_heard_has_no_gap_and_nothing_twice_and_what_is_missing_is_known(received: list[Envelope]) -> None:
    first = received[0]
    sequence = Sequence(first)
    begin = first.number + first.pulse
    told: list[int] = []
    for position, one in enumerate(received):
        told += heard(sequence, one)
        assert told == list(range(begin, begin + len(told)))
        arrived = {other.number for other in received[: position + 1] if not other.pulse}
        known = max(other.number for other in received[: position + 1])
        lost = set(range(begin, known + 1)) - arrived
        assert sequence.missing == bool(lost)
        assert set(told) == {number for number in arrived if number >= begin and all(number < gap for gap in lost)}


@given(st.permutations(range(2, 40)))
def test_in_whichever_order_all_come_all_are_heard_in_theirs(order: list[int]) -> None:
    sequence = Sequence(envelope(1))
    assert heard(sequence, envelope(1), *map(envelope, order)) == list(range(1, 40))
    assert not sequence.missing


@given(ways, st.integers(1, 30))
def test_after_a_skip_nothing_is_missing_and_nothing_old_is_heard(received: list[Envelope], late: int) -> None:
    sequence = Sequence(received[0])
    heard(sequence, *received)
    sequence.skip()
    assert not sequence.missing
    newest = max(one.number for one in received)
    assert heard(sequence, *(envelope(number) for number in range(1, newest + 1))) == []
    assert heard(sequence, envelope(newest + 1)) == [newest + 1]


def test_a_pulse_shows_that_the_latest_one_is_lost() -> None:
    sequence = Sequence(envelope(1))
    assert heard(sequence, envelope(1), pulse(1)) == [1]
    assert not sequence.missing
    assert heard(sequence, pulse(2)) == []
    assert sequence.missing
    assert heard(sequence, envelope(2)) == [2]
    assert not sequence.missing


def test_who_begins_with_a_pulse_has_missed_nothing() -> None:
    sequence = Sequence(pulse(7))
    assert heard(sequence, pulse(7), envelope(7)) == []
    assert not sequence.missing
    assert heard(sequence, envelope(8)) == [8]


def test_only_so_many_wait_for_one_that_is_missing() -> None:
    sequence = Sequence(envelope(1))
    heard(sequence, envelope(1), *map(envelope, range(3, 1_000)))
    assert len(sequence._early) < EARLY
    assert heard(sequence, envelope(2)) == list(range(2, EARLY + 2))
    assert sequence.missing
