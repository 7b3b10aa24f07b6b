"""A whole node as the world sees it: another implementation plays, others misbehave, and nobody notices."""

import asyncio
import json
import logging
import random
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from momentum.protocol import codec, to_client
from momentum.protocol.tickets import Keys, mint_ticket
from momentum.realtime import metrics
from momentum.realtime.limits import Limits
from momentum.realtime.losses import DEFECTS
from momentum.realtime.messages import Parcel

from .fakes import Message
from .games import ALICE, BOB, CHARLIE, DORA, GAME, OTHER, RIGHT, WRONG
from .house import check_told
from .raw import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, frame, head, text
from .running import Running, environment, running, two_running

QUICK = Limits(ping_every_ms=800, max_unread=64 * 1024)


@pytest.fixture
async def quick(games_file: Path, watched: list[str]) -> AsyncIterator[Running]:
    """A node that looks for signs of life twice a second."""
    async with running(environment(games_file.parent), QUICK) as one:
        yield one
        watched.extend(one.secrets)


class Player:
    """Somebody with the websockets library. `told`: every message so far."""

    def __init__(self, socket: ClientConnection, secrets: list[str]) -> None:
        self.socket = socket
        self.told: list[Message] = []
        self._secrets = secrets

    async def say(self, kind: str, **fields: Any) -> None:
        await self.socket.send(json.dumps({"type": kind, **fields}))

    async def hear(self) -> Message:
        async with asyncio.timeout(10):
            message: Message = json.loads(await self.socket.recv())
        self.told.append(message)
        if message["type"] == "GAME_STATE":
            self._secrets.append(message["payload"]["resume_token"])
        return message

    async def until(self, kind: str) -> Message:
        """The payload of the next message of this type."""
        while (message := await self.hear())["type"] != kind:
            pass
        payload: Message = message["payload"]
        return payload


async def play(node: Running, user_id: str, role: Any = "player", game_id: str = GAME) -> Player:
    """Come with a token in the address, as the user's document has it."""
    token = node.ticket(user_id, role, game_id)
    address = f"ws://127.0.0.1:{node.port}/ws/contests/{game_id}?token={token}"
    player = Player(await connect(address, proxy=None, compression=None, max_queue=None), node.secrets)
    await player.until("GAME_STATE")
    return player


async def holds(condition: Callable[[], bool]) -> None:
    """Wait until it does."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 (nothing says when)
            await asyncio.sleep(0.001)


async def closed_with(player: Player) -> int:
    """The code with which the server closes the player's socket."""
    with pytest.raises(ConnectionClosed) as ending:
        while True:
            await player.hear()
    assert ending.value.rcvd is not None
    return ending.value.rcvd.code


# Games


async def test_another_implementation_plays_a_whole_game(node: Running) -> None:
    await node.open(questions=3, intermission_ms=None)
    alice = await play(node, ALICE, "host")
    bob, dora = [await play(node, user_id) for user_id in (BOB, DORA)]
    for player in (alice, bob, dora):
        await player.say("PING")
        await player.until("PONG")
    await alice.say("START_GAME")
    for number in (1, 2, 3):
        asked = [await player.until("NEW_QUESTION") for player in (alice, bob, dora)]
        assert {question["question_number"] for question in asked} == {number}
        await bob.say("SUBMIT_ANSWER", question_id=asked[1]["question_id"], answer=RIGHT)
        await bob.until("ANSWER_ACCEPTED")
        await dora.say("SUBMIT_ANSWER", question_id=asked[2]["question_id"], answer=RIGHT if number == 2 else WRONG)
        closings = [await player.until("QUESTION_CLOSED") for player in (alice, bob, dora)]
        assert [row["username"] for row in closings[0]["scoreboard"]] == ["Bob", "Dora"]
        await alice.say("NEXT_QUESTION")
    endings = [await player.until("GAME_OVER") for player in (alice, bob, dora)]
    boards = [ending["final_scoreboard"] for ending in endings]
    assert boards[0] == boards[1] == boards[2]
    assert [(row["rank"], row["correct_count"]) for row in boards[0]] == [(1, 3), (2, 1)]
    for player in (alice, bob, dora):
        check_told(player.told)
        await player.socket.close()


async def test_a_race_is_played_to_the_users_document(node: Running) -> None:
    await node.open(questions=2, pace="race", intermission_ms=0, host_plays=True, max_players=6)
    alice = await play(node, ALICE, "host")
    bob = await play(node, BOB)
    await alice.say("START_GAME")
    await alice.until("CONTEST_STARTED")
    for _ in range(2):
        question = await bob.until("NEW_QUESTION")
        assert question["timer"] == 15
        await bob.say("SUBMIT_ANSWER", question_id=question["question_id"], answer=WRONG)
        assert (await bob.until("ANSWER_RESULT"))["correct_answer"] is None
        await alice.say("SUBMIT_ANSWER", question_id=question["question_id"], answer=RIGHT)
        assert (await alice.until("ANSWER_RESULT"))["correct_answer"] == RIGHT
        assert (await bob.until("SCORE_UPDATE"))["username"] == "Alice"
    board = (await bob.until("GAME_OVER"))["final_scoreboard"]
    assert (await alice.until("GAME_OVER"))["final_scoreboard"] == board
    assert [row["username"] for row in board] == ["Alice", "Bob"]
    for player in (alice, bob):
        check_told(player.told)
        await player.socket.close()


async def test_games_do_not_hear_each_other(node: Running) -> None:
    await node.open()
    await node.open(OTHER)
    bob, dora = await play(node, BOB), await play(node, DORA, game_id=OTHER)
    alice = await play(node, ALICE, "host")
    await alice.say("START_GAME")
    await bob.until("NEW_QUESTION")
    await dora.say("PING")
    await dora.until("PONG")
    assert {message["type"] for message in dora.told} == {"GAME_STATE", "PLAYER_JOINED", "PONG"}
    for player in (alice, bob, dora):
        await player.socket.close()


# Ways in


@pytest.mark.parametrize("way", ["address", "message"])
@pytest.mark.parametrize(
    ("kind", "code"),
    [("another game", 4401), ("expired", 4401), ("forged", 4401), ("nonsense", 4401), ("login of a stranger", 4401)],
)
async def test_bad_tokens_are_turned_away(node: Running, way: str, kind: str, code: int) -> None:
    await node.open(access="invited")
    forged = Keys(("another secret of more than 32 bytes!",))
    at = node._at()
    more: dict[str, Any] = {"sub": BOB, "username": "Bob", "game_id": GAME, "role": "player"}
    token = {
        "another game": node.ticket(BOB, game_id=OTHER),
        "expired": mint_ticket(node.keys, **more, at=at - 1_000),
        "forged": mint_ticket(forged, **more, at=at),
        "nonsense": "nonsense-token",
        "login of a stranger": node.login(CHARLIE),
    }[kind]
    node.secrets.append(token)
    async with node.raw() as raw:
        await raw.upgrade(f"/ws/contests/{GAME}" + (f"?token={token}" if way == "address" else ""))
        if way == "message":
            raw.send(text(type="AUTHENTICATE", token=token))
        assert await raw.close_code() == code


async def test_bad_tokens_are_counted_and_fill_no_log(node: Running) -> None:
    await node.open()
    refused = metrics.REFUSED_TOKENS.labels(why="for another game")
    before = refused._value.get()
    with structlog.testing.capture_logs() as logs:
        for _ in range(20):
            async with node.raw() as raw:
                await raw.upgrade(f"/ws/contests/{GAME}?token={node.ticket(BOB, game_id=OTHER)}")
                await raw.close_code()
    assert logs == []
    assert refused._value.get() == before + 20


async def test_a_login_admits_the_host_and_players_where_accounts_may_play(node: Running) -> None:
    await node.open(access="accounts")
    for user_id, role in ((ALICE, "host"), (BOB, "player")):
        async with node.raw() as raw:
            await raw.upgrade(f"/ws/contests/{GAME}?token={node.login(user_id)}")
            state = await raw.until("GAME_STATE")
            node.secrets.append(state["resume_token"])
            assert state["you"]["role"] == role


async def test_there_is_no_such_game(node: Running) -> None:
    async with node.raw() as raw:
        await raw.upgrade(f"/ws/contests/nowhere?token={node.ticket(BOB, game_id='nowhere')}")
        assert await raw.close_code() == 4404


async def test_strangers_do_not_learn_which_games_there_are(node: Running) -> None:
    """Without a good token an unknown game and a known one look the same."""
    await node.open()
    for game_id in (GAME, "nowhere"):
        async with node.raw() as raw:
            await raw.upgrade(f"/ws/contests/{game_id}?token=nonsense")
            assert await raw.close_code() == 4401


async def test_a_game_whose_journal_does_not_replay_sends_its_people_away(
    node: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise ValueError("a poisoned journal")

    await node.open()
    node.node.manager.hub(GAME).lost("fenced")
    monkeypatch.setattr("momentum.realtime.hub_manager.recover", fail)
    async with node.raw() as raw:
        await raw.upgrade(f"/ws/contests/{GAME}?token={node.ticket(BOB)}")
        assert await raw.close_code() == 4444


async def test_who_comes_to_another_node_is_told_where_the_game_is(nodes: tuple[Running, Running]) -> None:
    one, two = nodes
    await one.open()
    async with two.raw() as raw:
        await raw.upgrade(f"/ws/contests/{GAME}?token={two.ticket(BOB)}")
        moved = await raw.until("GAME_MOVED")
        assert await raw.close_code() == 4443
    assert moved["websocket_url"] == f"ws://127.0.0.1:{one.port}/ws/contests/{GAME}"
    async with one.raw() as raw:
        state = await one.enter(raw, BOB)
    assert state["websocket_urls"] == [moved["websocket_url"], f"ws://127.0.0.1:{two.port}/ws/contests/{GAME}"]


async def test_strangers_are_not_told_where_a_game_is(nodes: tuple[Running, Running]) -> None:
    one, two = nodes
    await one.open()
    async with two.raw() as raw:
        await raw.upgrade(f"/ws/contests/{GAME}?token=nonsense")
        assert await raw.close_code() == 4401


async def test_where_all_nodes_have_one_address_who_comes_to_another_is_asked_to_come_again(
    postgres_url: str, tmp_path: Path, watched: list[str]
) -> None:
    async with two_running(tmp_path, postgres_url, sent_on=False) as (one, two):
        await one.open()
        async with two.raw() as raw:
            await raw.upgrade(f"/ws/contests/{GAME}?token={two.ticket(BOB)}")
            assert (await raw.frame()).opcode == CLOSE
        async with one.raw() as raw:
            assert (await one.enter(raw, BOB))["websocket_urls"] == []
        watched.extend([*one.secrets, *two.secrets])


async def test_who_comes_to_a_game_that_failed_too_often_is_sent_away(node: Running) -> None:
    await node.open()
    manager = node.node.manager
    for _ in range(DEFECTS):
        await holds(lambda: GAME in manager.hubs)
        manager.hub(GAME).lost("defect")
    async with node.raw() as raw:
        await raw.upgrade(f"/ws/contests/{GAME}?token={node.ticket(BOB)}")
        assert await raw.close_code() == 4444


async def test_a_resume_token_is_enough_to_come_back(node: Running) -> None:
    await node.open()
    async with node.raw() as first:
        state = await node.enter(first, BOB)
    async with node.raw() as second:
        await second.upgrade(f"/ws/contests/{GAME}")
        second.send(text(type="AUTHENTICATE", token=state["resume_token"]))
        again = await second.until("GAME_STATE")
        node.secrets.append(again["resume_token"])
        assert again["you"]["user_id"] == BOB
    async with node.raw() as third:
        await third.upgrade(f"/ws/contests/{GAME}")
        third.send(text(type="AUTHENTICATE", token=again["resume_token"]))
        node.secrets.append((await third.until("GAME_STATE"))["resume_token"])
    async with node.raw() as fourth:
        await fourth.upgrade(f"/ws/contests/{GAME}")
        fourth.send(text(type="AUTHENTICATE", token=state["resume_token"]))
        assert (await fourth.until("ERROR"))["code"] == "bad_token"
        assert await fourth.close_code() == 4401


# Others' trouble


async def test_a_slow_reader_is_closed_and_nobody_waits_for_it(quick: Running) -> None:
    await quick.open(questions=1, max_players=100)
    alice = await play(quick, ALICE, "host")
    bob = await play(quick, BOB)
    slow = socket.create_connection(("127.0.0.1", quick.port))
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    slow.sendall(head(f"/ws/contests/{GAME}?token={quick.ticket(DORA)}"))
    presence = quick.node.manager.hub(GAME).presence
    await holds(lambda: DORA in presence.connected)
    noise = Parcel(content=codec.encode(to_client.Error("noise", "x" * 50_000)), user_id=DORA)
    room = quick.node.server._rooms.enter(GAME)

    def closed_after_more() -> bool:
        room._pass_on(noise)
        return DORA not in presence.connected

    await holds(closed_after_more)
    await bob.say("PING")
    await bob.until("PONG")
    slow.close()
    for player in (alice, bob):
        await player.socket.close()


async def test_a_socket_that_is_only_half_open_is_found(quick: Running) -> None:
    """It reads, but never answers a ping."""
    await quick.open()
    bob = await play(quick, BOB)
    async with quick.raw() as dead:
        await dead.upgrade(f"/ws/contests/{GAME}?token={quick.ticket(DORA)}")
        assert (await bob.until("PLAYER_JOINED"))["user_id"] == BOB
        assert (await bob.until("PLAYER_JOINED"))["user_id"] == DORA
        assert await dead.close_code() == 4431
    assert (await bob.until("PLAYER_CONNECTION")) == {"user_id": DORA, "connected": False}
    await bob.socket.close()


async def test_a_socket_that_is_dead_both_ways_is_found(quick: Running) -> None:
    """It neither reads nor writes; nothing says that it has gone."""
    await quick.open()
    bob = await play(quick, BOB)
    dead = socket.create_connection(("127.0.0.1", quick.port))
    dead.sendall(head(f"/ws/contests/{GAME}?token={quick.ticket(DORA)}"))
    assert (await bob.until("PLAYER_CONNECTION")) == {"user_id": DORA, "connected": False}
    dead.close()
    await bob.socket.close()


async def test_a_client_that_answers_pings_stays(quick: Running) -> None:
    await quick.open()
    bob = await play(quick, BOB)
    await asyncio.sleep(2.5 * QUICK.ping_every_ms / 1_000)
    await bob.say("PING")
    await bob.until("PONG")
    await bob.socket.close()


async def test_random_bytes_harm_nobody(node: Running, caplog: pytest.LogCaptureFixture) -> None:
    await node.open()
    bob = await play(node, BOB)
    chance = random.Random(7)
    for _ in range(60):
        async with node.raw() as raw:
            if chance.random() < 0.8:
                await raw.upgrade(f"/ws/contests/{GAME}?token={node.ticket(DORA)}")
            for _ in range(chance.randrange(1, 6)):
                raw.send(noise(chance))
                await asyncio.sleep(0)
    await bob.say("PING")
    await bob.until("PONG")
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []
    await bob.socket.close()


def noise(chance: random.Random) -> bytes:
    """Bytes by chance: some of them frames, some nearly."""
    payload = chance.randbytes(chance.choice((0, 1, 2, 10, 125, 126, 300, 5_000)))
    kind = chance.randrange(5)
    if kind == 0:
        return payload
    if kind == 1:
        return frame(TEXT, json.dumps({"type": chance.choice(("PING", "LEAVE", "X")), "a": repr(payload)}).encode())
    opcode = chance.choice((TEXT, BINARY, CONTINUATION, PING, PONG, CLOSE, 0x3, 0xB))
    made = frame(
        opcode, payload, fin=chance.random() < 0.7, rsv=chance.choice((0, 0, 0, 1, 4)), masked=chance.random() < 0.9
    )
    return made if kind < 4 else made[: chance.randrange(len(made) + 1)]


async def test_messages_by_chance_harm_nobody(node: Running) -> None:
    await node.open()
    bob = await play(node, BOB)
    alice = await play(node, ALICE, "host")
    await alice.say("START_GAME")
    chance = random.Random(11)
    kinds = ["SUBMIT_ANSWER", "NEXT_QUESTION", "KICK_PLAYER", "LOCK_GAME", "PING", "AUTHENTICAT", ""]
    values: list[object] = [None, True, 1, 1.5, "x", "\x00", [], {}, "\U0001f600" * 50, -1, 10**30]
    for _ in range(10):
        async with node.raw() as raw:
            await node.enter(raw, DORA)
            for _ in range(15):
                fields = {chance.choice(("question_id", "answer", "user_id", "locked", "z")): chance.choice(values)}
                raw.send(frame(TEXT, json.dumps({"type": chance.choice(kinds)} | fields).encode()))
            raw.send(text(type="PING"))
            await raw.until("PONG")
    await bob.say("PING")
    await bob.until("PONG")
    for player in (alice, bob):
        check_told(player.told)
        await player.socket.close()


# Stopping


async def test_stopping_tells_what_is_kept_and_asks_everybody_to_come_back(node: Running) -> None:
    await node.open()
    alice, bob, dora = [
        await play(node, user_id, role) for user_id, role in ((ALICE, "host"), (BOB, "player"), (DORA, "player"))
    ]
    await alice.say("START_GAME")
    question = await bob.until("NEW_QUESTION")
    await bob.say("SUBMIT_ANSWER", question_id=question["question_id"], answer=RIGHT)
    await holds(lambda: BOB in node.node.manager.hub(GAME).game.answered)
    stopping = asyncio.create_task(node.stop())
    for player in (alice, bob, dora):
        assert await closed_with(player) == 1012
    assert "ANSWER_ACCEPTED" in [message["type"] for message in bob.told]
    await stopping


async def test_stopping_does_not_wait_for_those_who_do_not_answer(node: Running) -> None:
    await node.open()
    async with node.raw() as silent, node.raw() as headless, node.raw() as waiting:
        await node.enter(silent, BOB)
        headless.send(b"GET /")
        await waiting.upgrade(f"/ws/contests/{GAME}")
        await asyncio.sleep(0.05)
        async with asyncio.timeout(5):
            await node.stop()
        for raw in (silent, headless, waiting):
            await raw.ended()


async def test_who_comes_while_the_node_stops_is_sent_away(node: Running) -> None:
    await node.open()
    async with node.raw() as early:
        await early.upgrade(f"/ws/contests/{GAME}")
        stopping = asyncio.create_task(node.stop())
        early.send(text(type="AUTHENTICATE", token=node.ticket(BOB)))
        assert await early.close_code() in (1012, 4440)
        await stopping
