"""What a hub says is numbered, so that a room notices what it has missed."""

from momentum.realtime.messages import Envelope
from momentum.realtime.voice import Voice


def speaking() -> tuple[Voice, list[Envelope]]:
    heard: list[Envelope] = []
    return Voice(lambda: 3, heard.append), heard


def test_envelopes_are_numbered_and_keep_the_latest_position() -> None:
    voice, heard = speaking()
    voice.tell(rev=7)
    voice.tell()
    voice.tell(rev=9, state="closed")
    assert [(each.epoch, each.number, each.rev, each.state) for each in heard] == [
        (3, 1, 7, "running"),
        (3, 2, 7, "running"),
        (3, 3, 9, "closed"),
    ]


def test_a_pulse_says_how_far_it_has_come_and_counts_for_nothing() -> None:
    voice, heard = speaking()
    voice.pulse()
    voice.tell(rev=5)
    voice.pulse()
    assert [(each.number, each.rev, each.pulse) for each in heard] == [(0, 0, True), (1, 5, False), (1, 5, True)]


def test_who_has_fallen_silent_says_nothing_any_more() -> None:
    voice, heard = speaking()
    voice.silent = True
    voice.tell(rev=1)
    voice.pulse()
    assert heard == []
