"""RFC 6455 by hand-made bytes: what a client may do, and with which code each mistake closes the socket."""

import asyncio
import struct
from collections.abc import AsyncIterator

import pytest

from momentum.game.commands import End

from .games import ALICE, BOB, GAME
from .raw import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Raw, closing, frame
from .running import Running

SAID = b'{"type":"PING"}'


@pytest.fixture
async def bob(node: Running) -> AsyncIterator[Raw]:
    """Bob's socket, in a game."""
    await node.open()
    async with node.raw() as raw:
        await node.enter(raw, BOB)
        yield raw


# What works


async def test_a_message_in_one_frame(bob: Raw) -> None:
    bob.send(frame(TEXT, SAID))
    await bob.until("PONG")


async def test_a_message_byte_by_byte(bob: Raw) -> None:
    for byte in frame(TEXT, SAID):
        bob.send(bytes((byte,)))
        await bob.writer.drain()
    await bob.until("PONG")


async def test_several_messages_in_one_packet(bob: Raw) -> None:
    bob.send(frame(TEXT, SAID) * 3)
    for _ in range(3):
        await bob.until("PONG")


async def test_a_message_in_fragments_with_a_ping_between(bob: Raw) -> None:
    bob.send(frame(TEXT, SAID[:4], fin=False) + frame(PING, b"now") + frame(CONTINUATION, SAID[4:9], fin=False))
    while (got := await bob.frame()).opcode != PONG:
        pass
    assert got.payload == b"now"
    bob.send(frame(CONTINUATION, SAID[9:]))
    await bob.until("PONG")


async def test_empty_fragments(bob: Raw) -> None:
    bob.send(frame(TEXT, b"", fin=False) + frame(CONTINUATION, SAID, fin=False) + frame(CONTINUATION, b""))
    await bob.until("PONG")


async def test_a_character_split_over_fragments(bob: Raw) -> None:
    message = '{"type":"SUBMIT_ANSWER","question_id":"☕","answer":"x"}'.encode()
    middle = message.index("☕".encode()) + 1
    bob.send(frame(TEXT, message[:middle], fin=False) + frame(CONTINUATION, message[middle:]))
    assert (await bob.until("ERROR"))["code"] == "not_open"


async def test_the_longest_message(bob: Raw) -> None:
    bob.send(frame(TEXT, SAID + b" " * (4_096 - len(SAID))))
    await bob.until("PONG")


async def test_a_ping_gets_its_pong(bob: Raw) -> None:
    for payload in (b"", b"x" * 125):
        bob.send(frame(PING, payload))
        while (got := await bob.frame()).opcode != PONG:
            pass
        assert got.payload == payload


async def test_a_pong_nobody_asked_for_is_ignored(bob: Raw) -> None:
    bob.send(frame(PONG, b"hello") + frame(TEXT, SAID))
    await bob.until("PONG")


# Mistakes


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(frame(TEXT, SAID, masked=False), 1002, id="not masked"),
        pytest.param(frame(TEXT, SAID, rsv=1), 1002, id="reserved bit 3"),
        pytest.param(frame(TEXT, SAID, rsv=2), 1002, id="reserved bit 2"),
        pytest.param(frame(TEXT, SAID, rsv=4), 1002, id="reserved bit 1: compressed"),
        pytest.param(frame(CONTINUATION, SAID, rsv=4), 1002, id="reserved bit on a continuation"),
        pytest.param(frame(PING, b"", rsv=4), 1002, id="reserved bit on a ping"),
        pytest.param(frame(0x3, SAID), 1002, id="unknown opcode 3"),
        pytest.param(frame(0x7, SAID), 1002, id="unknown opcode 7"),
        pytest.param(frame(0xB, b""), 1002, id="unknown control opcode 11"),
        pytest.param(frame(0xF, b""), 1002, id="unknown control opcode 15"),
        pytest.param(frame(PING, b"", fin=False), 1002, id="a ping in fragments"),
        pytest.param(frame(CLOSE, b"", fin=False), 1002, id="a close in fragments"),
        pytest.param(frame(PING, b"x" * 126), 1002, id="a ping that is too long"),
        pytest.param(frame(CONTINUATION, SAID), 1002, id="a continuation of nothing"),
        pytest.param(frame(CONTINUATION, b"", fin=False), 1002, id="an open continuation of nothing"),
        pytest.param(frame(TEXT, SAID, fin=False) + frame(TEXT, SAID), 1002, id="a new text inside fragments"),
        pytest.param(frame(TEXT, b"", fin=False) + frame(TEXT, SAID, fin=False), 1002, id="fragments inside fragments"),
        pytest.param(frame(TEXT, SAID + b" " * 4_096), 1009, id="a frame that is too long"),
        pytest.param(
            frame(TEXT, b"x" * 4_000, fin=False) + frame(CONTINUATION, b"x" * 97), 1009, id="a message that is too long"
        ),
        pytest.param(frame(TEXT, b"x" * 70_000), 1009, id="a frame with a 64-bit length"),
        pytest.param(struct.pack("!BBQ", 0x81, 0xFF, 1 << 40), 1009, id="a frame of a terabyte"),
        pytest.param(struct.pack("!BBQ", 0x81, 0xFF, 1 << 63), 1002, id="a length with the highest bit"),
        pytest.param(frame(TEXT, b'{"type":"PING"\xff}'), 1007, id="not UTF-8"),
        pytest.param(frame(TEXT, b'{"type":"\xed\xa0\x80"}'), 1007, id="a lone surrogate in UTF-8"),
        pytest.param(
            frame(TEXT, b"\xff", fin=False) + frame(CONTINUATION, b"\xff"), 1007, id="not UTF-8, in fragments"
        ),
        pytest.param(frame(BINARY, SAID), 4400, id="binary"),
        pytest.param(frame(BINARY, b"", fin=False), 4400, id="binary in fragments"),
    ],
)
async def test_a_mistake_closes_the_socket(node: Running, bob: Raw, data: bytes, code: int) -> None:
    bob.send(data)
    assert await bob.close_code() == code
    await eventually_gone(node)


async def test_what_comes_after_a_mistake_is_ignored(node: Running, bob: Raw) -> None:
    bob.send(frame(BINARY, SAID) + frame(TEXT, SAID) * 5 + frame(CONTINUATION, b"x" * 4_000, fin=False) * 50)
    while (got := await bob.frame()).opcode != CLOSE:
        assert b'"PONG"' not in got.payload
    await eventually_gone(node)


async def test_mistakes_fill_no_log(node: Running, caplog: pytest.LogCaptureFixture) -> None:
    await node.open()
    for number in range(20):
        async with node.raw() as raw:
            await raw.upgrade(f"/ws/contests/{GAME}")
            raw.send(frame(0x3, SAID) if number % 2 else frame(TEXT, SAID, masked=False))
            for _ in range(20):
                raw.send(b"\x00" * 100)
            await raw.close_code()
    assert [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")] == []


# Closing


@pytest.mark.parametrize("code", [1000, 1001, 1003, 1007, 1011, 3000, 4000, 4999])
async def test_a_close_is_answered_with_its_code(node: Running, bob: Raw, code: int) -> None:
    bob.send(closing(code, "bye ☕".encode()))
    assert await bob.close_code() == code
    await eventually_gone(node)


async def test_a_close_without_a_code_is_answered(bob: Raw) -> None:
    bob.send(frame(CLOSE))
    while (got := await bob.frame()).opcode != CLOSE:
        pass
    assert got.payload in (b"", struct.pack("!H", 1000))
    assert await bob.ended() == b""


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        pytest.param(b"\x03", 1002, id="half a code"),
        pytest.param(struct.pack("!H", 0), 1002, id="0"),
        pytest.param(struct.pack("!H", 999), 1002, id="999"),
        pytest.param(struct.pack("!H", 1004), 1002, id="1004"),
        pytest.param(struct.pack("!H", 1005), 1002, id="1005"),
        pytest.param(struct.pack("!H", 1006), 1002, id="1006"),
        pytest.param(struct.pack("!H", 1015), 1002, id="1015"),
        pytest.param(struct.pack("!H", 1016), 1002, id="1016"),
        pytest.param(struct.pack("!H", 2999), 1002, id="2999"),
        pytest.param(struct.pack("!H", 5000), 1002, id="5000"),
        pytest.param(struct.pack("!H", 65535), 1002, id="65535"),
        pytest.param(struct.pack("!H", 1000) + b"\xff", 1007, id="a reason that is not UTF-8"),
    ],
)
async def test_a_close_that_may_not_be_is_a_mistake(node: Running, bob: Raw, payload: bytes, code: int) -> None:
    bob.send(frame(CLOSE, payload))
    assert await bob.close_code() == code
    await eventually_gone(node)


async def test_nothing_is_said_after_the_answer_to_a_close(node: Running, bob: Raw) -> None:
    bob.send(closing(1000) + frame(TEXT, SAID))
    node.node.manager.hub(GAME).command(End(by=ALICE))
    while (got := await bob.frame()).opcode != CLOSE:
        assert b'"PONG"' not in got.payload
    assert await bob.ended() == b""


async def test_who_hangs_up_without_a_word_is_gone(node: Running, bob: Raw) -> None:
    bob.writer.transport.abort()
    await eventually_gone(node)


async def test_who_stops_sending_is_gone(node: Running, bob: Raw) -> None:
    bob.writer.write_eof()
    await eventually_gone(node)


async def test_who_does_not_answer_a_close_is_hung_up_on(node: Running, bob: Raw) -> None:
    bob.send(frame(BINARY, b""))
    while (await bob.frame()).opcode != CLOSE:
        pass
    assert await bob.ended() == b""


# Floods


@pytest.mark.parametrize("opcode", [PING, PONG, TEXT])
async def test_a_flood_closes_the_socket(node: Running, bob: Raw, opcode: int) -> None:
    bob.send(frame(opcode, b'{"type":"PING"}' if opcode == TEXT else b"x") * 200)
    assert await bob.close_code() == 4429


async def test_a_flood_of_fragments_closes_the_socket(bob: Raw) -> None:
    bob.send(frame(TEXT, b"", fin=False) + frame(CONTINUATION, b"", fin=False) * 200)
    assert await bob.close_code() == 4429


async def eventually_gone(node: Running) -> None:
    for _ in range(300):
        if not node.node.server._clients and node.node.manager.hub(GAME).empty:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("a socket is still there")
