"""Frames are joined per turn of the loop, and one client's trouble is nobody else's."""

import os

import pytest
from websockets.frames import Frame, Opcode
from websockets.streams import StreamReader

from momentum.realtime.outbox import Flusher, Outbox, text_frame

from .fakes import FakeTiming, FakeTransport


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, 65_535, 65_536, 70_000])
def test_a_text_frame_is_read_by_another_implementation(length: int) -> None:
    payload = os.urandom(length)
    reader = StreamReader()
    reader.feed_data(text_frame(payload))
    reader.feed_eof()
    parsing = Frame.parse(reader.read_exact, mask=False)
    with pytest.raises(StopIteration) as parsed:
        next(parsing)
    assert parsed.value.value == Frame(Opcode.TEXT, payload)


def test_what_is_said_in_one_turn_is_one_write() -> None:
    timing = FakeTiming()
    flusher = Flusher(timing)
    transports = [FakeTransport() for _ in range(3)]
    outboxes = [Outbox(transport, flusher) for transport in transports]
    for payload in (b"1", b"2", b"3"):
        for outbox in outboxes[:2]:
            outbox.put(payload)
    assert transports[0].writes == []
    timing.turn()
    assert [transport.writes for transport in transports] == [[b"\x81\x011\x81\x012\x81\x013"]] * 2 + [[]]
    outboxes[0].put(b"4")
    timing.turn()
    assert len(transports[0].writes) == 2


def test_flushing_early_writes_once() -> None:
    timing = FakeTiming()
    transport = FakeTransport()
    outbox = Outbox(transport, Flusher(timing))
    outbox.put(b"1")
    outbox.flush()
    timing.turn()
    assert len(transport.writes) == 1
    outbox.put(b"2")
    timing.turn()
    assert len(transport.writes) == 2


def test_a_socket_that_cannot_be_written_to_spoils_no_other() -> None:
    class Gone(FakeTransport):
        def write(self, data: bytes) -> None:
            raise RuntimeError("the handler is closed")

    timing = FakeTiming()
    flusher = Flusher(timing)
    gone, here = Gone(), FakeTransport()
    outboxes = [Outbox(gone, flusher), Outbox(here, flusher)]
    for _ in range(2):
        for outbox in outboxes:
            outbox.put(b"1")
        timing.turn()
    assert len(here.writes) == 2


def test_who_wants_to_know_of_a_write_is_told_after_it() -> None:
    timing = FakeTiming()
    transport = FakeTransport()
    outbox = Outbox(transport, Flusher(timing))
    seen: list[int] = []
    outbox.written = lambda: seen.append(len(transport.writes))
    outbox.put(b"1")
    assert seen == []
    timing.turn()
    assert seen == [1]
