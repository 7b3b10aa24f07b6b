"""One port for HTTP and WebSocket: whole heads, in time, by hand-made bytes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from momentum.realtime.limits import Limits

from .games import BOB, GAME
from .raw import Raw, frame, head, text
from .running import SITE_ORIGIN, Running, environment, running

PATH = f"/ws/contests/{GAME}"
Come = Callable[[], Awaitable[Raw]]
HURRIED = Limits(head_ms=500, authentication_ms=1_000, max_unauthenticated=4, max_sockets=8)


@pytest.fixture
async def hurried(games_file: Path, watched: list[str]) -> AsyncIterator[Running]:
    """A node with little patience and little room."""
    async with running(environment(games_file.parent), HURRIED) as one:
        yield one
        watched.extend(one.secrets)


async def status(raw: Raw, request: bytes) -> int:
    """The status of the answer to `request`."""
    raw.send(request)
    return (await raw.head())[0]


# What works


@pytest.mark.parametrize(
    "header",
    [
        "Connection: Upgrade",
        "Connection: keep-alive, Upgrade",
        "connection: upgrade",
        "Connection: Upgrade, keep-alive",
    ],
)
async def test_browsers_say_it_in_several_ways(node: Running, header: str) -> None:
    async with node.raw() as raw:
        await raw.upgrade(PATH, header)


async def test_a_head_may_come_byte_by_byte(node: Running) -> None:
    async with node.raw() as raw:
        for byte in head(PATH):
            raw.send(bytes((byte,)))
            await asyncio.sleep(0)
        assert (await raw.head())[0] == 101


@pytest.mark.parametrize("split", [True, False])
async def test_frames_right_behind_the_head_are_heard(node: Running, split: bool) -> None:
    await node.open()
    async with node.raw() as raw:
        data = head(PATH) + text(type="AUTHENTICATE", token=node.ticket(BOB)) + text(type="PING") * 15
        for part in (data[:-40], data[-40:]) if split else (data,):
            raw.send(part)
            await asyncio.sleep(0.01)
        assert (await raw.head())[0] == 101
        await raw.until("GAME_STATE")
        for _ in range(15):
            await raw.until("PONG")


async def test_much_behind_the_head_is_no_trouble(node: Running) -> None:
    """More than one buffer of picows, in one packet with the head."""
    await node.open()
    async with node.raw() as raw:
        padded = frame(0x1, b'{"type":"PING"}' + b" " * 3_000)
        raw.send(head(PATH) + text(type="AUTHENTICATE", token=node.ticket(BOB)) + padded * 10)
        await raw.head()
        for _ in range(10):
            await raw.until("PONG")


async def test_the_token_may_stand_in_the_address(node: Running) -> None:
    await node.open()
    async with node.raw() as raw:
        await raw.upgrade(f"{PATH}?token={node.ticket(BOB)}")
        state = await raw.until("GAME_STATE")
        node.secrets.append(state["resume_token"])
        assert state["you"]["user_id"] == BOB


async def test_http_requests_may_follow_each_other_on_one_connection(node: Running) -> None:
    async with node.raw() as raw:
        for _ in range(3):
            assert await status(raw, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n") == 200
            await raw.reader.readexactly(len('{"status":"ok"}'))


async def test_a_head_that_is_long_but_not_too_long(node: Running) -> None:
    async with node.raw() as raw:
        await raw.upgrade(PATH, "Cookie: " + "x" * 7_000)


# Who may come


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.test",
        "null",
        "",
        f"{SITE_ORIGIN}.evil.test",
        "http://quiz.test",
        "http://quiz.test:30000",
        "https://quiz.test:3000",
        "http://evil.quiz.test:3000",
        f"{SITE_ORIGIN}/",
        f"http://evil.test, {SITE_ORIGIN}",
        "http://user@quiz.test:3000",
    ],
)
async def test_pages_of_other_origins_may_not_connect(node: Running, origin: str) -> None:
    async with node.raw() as raw:
        assert await status(raw, head(PATH, f"Origin: {origin}")) == 403


async def test_what_comes_behind_a_refused_head_is_not_read(node: Running) -> None:
    async with node.raw() as raw:
        behind = head(PATH) + b"x" * 3_000
        assert await status(raw, head(PATH, "Origin: http://evil.test") + behind * 3) == 403
        assert b"HTTP/1.1" not in await raw.ended()


async def test_our_own_pages_may_connect_and_programs_without_an_origin_too(node: Running) -> None:
    async with node.raw() as page, node.raw() as program:
        await page.upgrade(PATH, f"Origin: {SITE_ORIGIN}")
        await program.upgrade(PATH)


# Bad heads


@pytest.mark.parametrize(
    ("request_head", "expected"),
    [
        pytest.param(head(PATH, without="Sec-WebSocket-Key"), 400, id="no key"),
        pytest.param(head(PATH, "Sec-WebSocket-Key: short"), 400, id="a key that is none"),
        pytest.param(head(PATH, "Sec-WebSocket-Version: 8"), 426, id="version 8"),
        pytest.param(head(PATH, "Sec-WebSocket-Version: 14"), 426, id="version 14"),
        pytest.param(head(PATH, without="Sec-WebSocket-Version"), 426, id="no version"),
        pytest.param(head(PATH, without="Upgrade"), 426, id="no upgrade"),
        pytest.param(head(PATH, "Upgrade: h2c"), 426, id="another upgrade"),
        pytest.param(head(PATH, without="Connection"), 400, id="no connection header"),
        pytest.param(head(PATH, "Connection: close"), 400, id="connection: close"),
        pytest.param(head(PATH, method="POST"), 405, id="POST"),
        pytest.param(head(PATH, version="HTTP/1.0"), 400, id="HTTP/1.0"),
        pytest.param(head("/ws/other"), 404, id="another address"),
        pytest.param(head("/ws/contests/"), 404, id="no game"),
        pytest.param(head("/elsewhere"), 404, id="elsewhere"),
        pytest.param(head(PATH, "Content-Length: 5"), 400, id="with a body"),
        pytest.param(b"NONSENSE\r\n\r\n", 400, id="nonsense"),
        pytest.param(b"GET /ws/\r\nUpgrade: websocket\r\n\r\n", 400, id="no version of HTTP"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400, id="TLS"),
    ],
)
async def test_a_bad_request_is_refused(node: Running, request_head: bytes, expected: int) -> None:
    async with node.raw() as raw:
        assert await status(raw, request_head) == expected


async def test_the_version_that_is_spoken_is_told(node: Running) -> None:
    async with node.raw() as raw:
        raw.send(head(PATH, "Sec-WebSocket-Version: 8"))
        _, answer = await raw.head()
        assert "Sec-WebSocket-Version: 13\r\n" in answer


async def test_compression_is_not_agreed_to(node: Running) -> None:
    async with node.raw() as raw:
        raw.send(head(PATH, "Sec-WebSocket-Extensions: permessage-deflate"))
        got, answer = await raw.head()
        assert got == 101
        assert "sec-websocket-extensions" not in answer.lower()


@pytest.mark.parametrize("end", [b"", b"\r\n\r\n"])
@pytest.mark.parametrize("start", [b"GET /ws/contests/x HTTP/1.1\r\n", b"GET /healthz HTTP/1.1\r\n"])
async def test_a_head_that_is_too_long_is_hung_up_on(node: Running, start: bytes, end: bytes) -> None:
    async with node.raw() as raw:
        raw.send(start + b"Upgrade: websocket\r\nX: " + b"x" * 20_000 + end)
        assert await raw.ended() == b""


# Patience


async def test_a_head_that_does_not_come_to_an_end_is_hung_up_on(hurried: Running) -> None:
    async with hurried.raw() as slow, hurried.raw() as silent:
        slow.send(b"GET /ws/")
        for _ in range(6):
            await asyncio.sleep(0.1)
            slow.send(b"x")
        assert await slow.ended() == b""
        assert await silent.ended() == b""


async def test_a_body_that_does_not_come_is_not_waited_for(hurried: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("momentum.realtime.http_api.BODY_S", 0.2)
    async with hurried.raw() as raw:
        raw.send(b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        assert (await raw.head())[0] == 408


async def test_a_kept_connection_is_not_kept_for_long(hurried: Running) -> None:
    async with hurried.raw() as idle, hurried.raw() as slow:
        for raw in (idle, slow):
            assert await status(raw, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n") == 200
        slow.send(b"GET /hea")
        await idle.ended()
        await slow.ended()


async def test_who_shows_no_token_is_closed(hurried: Running) -> None:
    async with hurried.raw() as raw:
        await raw.upgrade(PATH)
        assert await raw.close_code() == 4408


# Room


@pytest.fixture
async def come(hurried: Running) -> AsyncIterator[Come]:
    """Makes a connection; all of them end with the test."""
    async with AsyncExitStack() as stack:
        yield lambda: stack.enter_async_context(hurried.raw())


async def test_when_full_the_handshake_gets_503_and_those_inside_stay(hurried: Running, come: Come) -> None:
    await hurried.open()
    inside = []
    for number in range(HURRIED.max_sockets):
        inside.append(await come())
        await hurried.enter(inside[-1], f"player{number}")
    late = await come()
    late.send(head(PATH))
    got, answer = await late.head()
    assert got == 503
    assert "Retry-After: " in answer
    length = int(answer.lower().split("content-length: ")[1].split("\r\n")[0])
    assert len(await late.ended()) == length
    async with hurried.http.get(f"{hurried.url}/healthz") as answered:
        assert answered.status == 200, "calls still work"
    inside[-1].send(text(type="PING"))
    await inside[-1].until("PONG")


async def test_those_who_have_shown_no_token_are_capped(hurried: Running, come: Come) -> None:
    waiting = []
    for _ in range(HURRIED.max_unauthenticated):
        waiting.append(await come())
        await waiting[-1].upgrade(PATH)
    assert await status(await come(), head(PATH)) == 503
    for raw in waiting:
        await raw.close_code()
    assert await status(await come(), head(PATH)) == 101


async def test_connections_that_say_nothing_do_not_keep_others_out(hurried: Running, come: Come) -> None:
    for _ in range(30):
        (await come()).send(b"GET")
    assert await status(await come(), head(PATH)) == 101
    assert len(hurried.node.server._doors) <= HURRIED.max_unauthenticated


async def test_calls_are_capped_too(hurried: Running, come: Come) -> None:
    request = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    assert {await status(await come(), request) for _ in range(20)} == {200, 503}
    await asyncio.sleep(2 * HURRIED.head_ms / 1000)
    assert await status(await come(), request) == 200
