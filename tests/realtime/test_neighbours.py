"""Calls from node to node: two real nodes on one PostgreSQL server, each with its own port."""

import asyncio

import pytest

from momentum.protocol.tickets import Keys
from momentum.realtime.journal.contract import Node
from momentum.realtime.neighbours import PASSED_ON, Neighbours, NoAnswer
from momentum.realtime.timing import LoopTiming

from .games import BOB, GAME, OTHER, wanted
from .raw import text
from .running import SECRET, Running
from .test_http_api import call

Nodes = tuple[Running, Running]
END = f"/internal/games/{GAME}/end"


async def call_passed_on(node: Running, path: str, body: bytes) -> int:
    """As another node calls this one."""
    headers = {"Authorization": f"Bearer {node.internal()}", PASSED_ON: "1"}
    async with node.http.post(node.url + path, data=body, headers=headers) as answered:
        return answered.status


# What concerns a game


async def test_a_call_about_another_nodes_game_is_answered_by_that_node(nodes: Nodes) -> None:
    one, two = nodes
    await one.open()
    got, answer = await call(two, "POST", END, b"", two.internal())
    assert (got, answer) == (200, {"contest_id": GAME, "phase": "over"})
    assert one.node.manager.hub(GAME).game.phase.value == "over"
    assert two.node.manager.hubs == {}


async def test_a_game_is_opened_once_whichever_node_is_asked(nodes: Nodes) -> None:
    answers = [await call(node, "POST", "/api/contests", wanted(), node.internal()) for node in nodes]
    assert [got for got, _ in answers] == [201, 200]
    assert answers[0][1] == answers[1][1]
    assert [len(node.node.manager.hubs) for node in nodes] == [1, 0]


async def test_nodes_that_are_asked_at_once_open_a_game_once(nodes: Nodes) -> None:
    answers = await asyncio.gather(
        *(call(node, "POST", "/api/contests", wanted(), node.internal()) for node in nodes * 3)
    )
    assert sorted(got for got, _ in answers) == [200] * 5 + [201]
    assert sum(len(node.node.manager.hubs) for node in nodes) == 1


async def test_a_call_that_was_passed_on_goes_no_further(nodes: Nodes) -> None:
    one, two = nodes
    await one.open()
    assert await call_passed_on(two, END, b"") == 503
    assert one.node.manager.hub(GAME).game.phase.value == "lobby"


async def test_a_call_is_refused_where_it_came_in_not_where_it_would_have_gone(nodes: Nodes) -> None:
    one, two = nodes
    await one.open()
    got, _ = await call(two, "POST", END, b"", two.login())
    assert got == 403
    assert one.node.manager.hub(GAME).game.phase.value == "lobby"


async def test_a_node_that_does_not_answer_makes_the_call_unavailable(nodes: Nodes) -> None:
    one, two = nodes
    await one.open()
    one.node.server.shut()
    got, answer = await call(two, "POST", END, b"", two.internal())
    assert (got, answer["error"]) == (503, "unavailable")


# What concerns all


async def test_who_is_logged_out_at_one_node_is_closed_at_all(nodes: Nodes) -> None:
    one, two = nodes
    await one.open()
    await two.open(OTHER)
    async with one.raw() as here, two.raw() as there:
        await one.enter(here, BOB)
        await two.enter(there, BOB, game_id=OTHER)
        got, _ = await call(one, "POST", "/internal/revocations", {"user_id": BOB}, one.internal())
        assert got == 204
        assert [await here.close_code(), await there.close_code()] == [4401, 4401]


async def test_a_logout_that_was_passed_on_goes_no_further(nodes: Nodes) -> None:
    one, two = nodes
    await one.open()
    await two.open(OTHER)
    async with one.raw() as here, two.raw() as there:
        await one.enter(here, BOB)
        await two.enter(there, BOB, game_id=OTHER)
        assert await call_passed_on(one, "/internal/revocations", b'{"user_id":"bob"}') == 204
        assert await here.close_code() == 4401
        there.send(text(type="PING"))
        await there.until("PONG")


async def test_a_logout_that_did_not_reach_all_nodes_is_not_called_done(nodes: Nodes) -> None:
    """Who asks may ask again; what could be done is done."""
    one, two = nodes
    await one.open()
    two.node.server.shut()
    async with one.raw() as here:
        await one.enter(here, BOB)
        got, _ = await call(one, "POST", "/internal/revocations", {"user_id": BOB}, one.internal())
        assert got == 503
        assert await here.close_code() == 4401


# The node itself


async def test_a_node_that_is_not_heard_of_is_not_ready(nodes: Nodes) -> None:
    one, two = nodes
    await one.node.journal.close()
    await asyncio.sleep(1.3)
    got, answer = await call(one, "GET", "/readyz")
    assert (got, answer["status"]) == (503, "storage away")
    assert (await call(one, "GET", "/healthz"))[0] == 200
    assert (await call(two, "GET", "/readyz"))[0] == 200


# Without an answer


@pytest.mark.parametrize("says", [b"", b"no HTTP\r\n\r\n", None])
async def test_what_is_no_answer_is_told_as_none(says: bytes | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Something else has the port, or it hangs up, or it says nothing at all."""
    monkeypatch.setattr("momentum.realtime.neighbours.ANSWER_S", 0.3)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if says is None:
            await reader.read()
        else:
            writer.write(says)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    node = Node(id="odd", address=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", websocket_url="")
    neighbours = Neighbours(Keys((SECRET,)), LoopTiming(asyncio.get_running_loop()), lambda: (node, node))
    with pytest.raises(NoAnswer):
        await neighbours.post(node, END, b"")
    assert not await neighbours.tell_all(END, b"")
    await neighbours.close()
    server.close()
