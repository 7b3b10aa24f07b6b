"""A bot's side of the protocol: what it says to what it hears, when it comes back, and when it stays away."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from momentum.environment import Environment
from momentum.protocol.close_codes import CloseCode
from momentum.wiring import bots
from momentum.wiring.bots.connection import Addresses, Connection, Ending
from momentum.wiring.bots.player import Choice, Message, Observer, Outcome, Player, Question
from momentum.wiring.bots.run import FASTEST_S, human, names
from momentum.wiring.refusal import Refusal

QUESTION: Message = {
    "question_number": 1,
    "total_questions": 2,
    "question_id": "q1",
    "question_text": "Which?",
    "options": ["red", "green"],
    "timer": 15,
    "category": "Colours",
}
NEXT: Message = QUESTION | {"question_number": 2, "question_id": "q2"}


def state(question: Message | None = None, **fields: object) -> Message:
    nothing: Message = {"closed": None, "your_result": None, "over": None, "websocket_urls": []}
    return {"type": "GAME_STATE", "payload": {"resume_token": "resume", "question": question, **nothing, **fields}}


def open_question(your_answer: str | None = None, may_answer: bool = True) -> Message:
    return QUESTION | {"remaining_ms": 9_000, "your_answer": your_answer, "may_answer": may_answer}


def says(type_: str, payload: Message) -> Message:
    return {"type": type_, "payload": payload}


class Bob(Observer):
    """A player who always takes the first option, with everything that he says, and timers that are fired by hand."""

    def __init__(self) -> None:
        self.said: list[Message] = []
        self.settlements: list[tuple[str, Outcome]] = []
        self.timers: list[tuple[float, Callable[[], None]]] = []
        self.questions: list[Question] = []
        self.player = Player("ticket", self._choose, lambda s, act: self.timers.append((s, act)), self)
        self.come()

    def come(self) -> None:
        self.said.clear()
        self.player.connected(self.said.append)

    def hear(self, *messages: Message) -> None:
        for message in messages:
            self.player.hear(message)

    def think(self) -> None:
        _, act = self.timers.pop(0)
        act()

    def settled(self, question_id: str, outcome: Outcome) -> None:
        self.settlements.append((question_id, outcome))

    @property
    def answers(self) -> list[Any]:
        return [message["question_id"] for message in self.said if message["type"] == "SUBMIT_ANSWER"]

    def _choose(self, question: Question) -> Choice:
        self.questions.append(question)
        return Choice(question.options[0], 2.0)


@pytest.fixture
def bob() -> Bob:
    return Bob()


@pytest.fixture
def waiting(bob: Bob) -> Bob:
    """Bob has answered the first question, and has heard nothing of it yet."""
    bob.hear(state(), says("NEW_QUESTION", QUESTION))
    bob.think()
    return bob


def test_a_bot_shows_its_ticket_first_and_afterwards_the_newest_resume_token(bob: Bob) -> None:
    assert bob.said == [{"type": "AUTHENTICATE", "token": "ticket"}]
    bob.hear(state())
    bob.player.disconnected()
    bob.come()
    assert bob.said == [{"type": "AUTHENTICATE", "token": "resume"}]


def test_a_bot_answers_after_the_time_it_has_chosen(bob: Bob) -> None:
    bob.hear(state(), says("NEW_QUESTION", QUESTION))
    assert bob.answers == []
    assert bob.timers[0][0] == 2.0
    bob.think()
    assert bob.said[-1] == {"type": "SUBMIT_ANSWER", "question_id": "q1", "answer": "red"}
    assert bob.questions[0].left_s == 15


@pytest.mark.parametrize("type_", ["ANSWER_ACCEPTED", "ANSWER_RESULT"])
def test_an_answer_is_settled_by_its_acknowledgement_and_only_once(waiting: Bob, type_: str) -> None:
    waiting.hear(says(type_, {"question_id": "q1"}), says(type_, {"question_id": "q1"}))
    assert waiting.settlements == [("q1", "ok")]


def test_an_answer_that_was_not_acknowledged_is_sent_again_after_the_return(waiting: Bob) -> None:
    waiting.player.disconnected()
    waiting.come()
    assert waiting.answers == []
    waiting.hear(state(open_question()))
    assert waiting.answers == ["q1"]
    assert waiting.settlements == []


def test_an_answer_that_the_game_shows_is_not_sent_again(waiting: Bob) -> None:
    waiting.player.disconnected()
    waiting.come()
    waiting.hear(state(open_question(your_answer="red")))
    assert waiting.answers == []
    assert waiting.settlements == [("q1", "ok")]


@pytest.mark.parametrize(("result", "outcome"), [({"question_id": "q1"}, "ok"), (None, "fail")])
def test_the_closed_question_says_what_became_of_an_answer(
    waiting: Bob, result: Message | None, outcome: Outcome
) -> None:
    waiting.player.disconnected()
    waiting.come()
    waiting.hear(state(closed={"question_id": "q1"}, your_result=result))
    assert waiting.settlements == [("q1", outcome)]


def test_nobody_knows_what_became_of_an_answer_once_the_game_has_moved_on(waiting: Bob) -> None:
    waiting.player.disconnected()
    waiting.come()
    waiting.hear(state(NEXT | {"remaining_ms": 9_000, "your_answer": None, "may_answer": True}))
    assert waiting.settlements == [("q1", "unknown")]


def test_a_refused_answer_is_not_sent_again(waiting: Bob) -> None:
    waiting.hear(says("ERROR", {"code": "too_late", "message": "The time is over.", "question_id": "q1"}))
    assert waiting.settlements == [("q1", "fail")]
    waiting.hear(state(open_question()))
    assert waiting.answers == ["q1"]


def test_an_answer_that_came_in_a_pause_is_sent_again_after_it(waiting: Bob) -> None:
    waiting.hear(says("ERROR", {"code": "paused", "message": "The game is paused.", "question_id": "q1"}))
    assert waiting.settlements == []
    waiting.hear(says("GAME_RESUMED", {"remaining_ms": 9_000}))
    assert waiting.answers == ["q1", "q1"]


def test_a_late_refusal_is_not_taken_for_that_of_the_next_answer(waiting: Bob) -> None:
    waiting.hear(says("NEW_QUESTION", NEXT))
    waiting.think()
    waiting.hear(says("ERROR", {"code": "wrong_question", "message": "Not the open question.", "question_id": "q1"}))
    waiting.hear(says("ANSWER_ACCEPTED", {"question_id": "q2"}))
    assert waiting.settlements == [("q1", "unknown"), ("q2", "ok")]


def test_a_bot_that_thinks_too_long_does_not_answer_a_closed_question(bob: Bob) -> None:
    bob.hear(state(), says("NEW_QUESTION", QUESTION), says("QUESTION_CLOSED", {"question_id": "q1"}))
    bob.think()
    assert bob.answers == []


def test_a_bot_that_returns_while_it_thinks_does_not_think_twice(bob: Bob) -> None:
    bob.hear(state(), says("NEW_QUESTION", QUESTION))
    bob.player.disconnected()
    bob.come()
    bob.hear(state(open_question()))
    assert len(bob.timers) == 1


def test_a_bot_leaves_a_question_alone_that_it_may_not_answer(bob: Bob) -> None:
    bob.hear(state(open_question(may_answer=False)))
    assert bob.timers == []


def test_names_are_all_different() -> None:
    assert names("Bot", 2) == ["Bot Ada", "Bot Alan"]
    assert len(set(names("", 100))) == 100


def test_a_human_reaction_fits_into_the_time_there_is() -> None:
    choose = human(Random(1), reaction_s=2.5)
    question = Question(id="q1", number=1, total=1, text="?", options=("a", "b"), left_s=4.0)
    choices = [choice for _ in range(200) if (choice := choose(question))]
    assert len(choices) == 200
    assert all(FASTEST_S <= choice.after_s <= 3.6 for choice in choices)
    assert {choice.option for choice in choices} == {"a", "b"}


# The connection

Script = Callable[[web.WebSocketResponse, list[str]], Any]


@asynccontextmanager
async def server(script: Script) -> AsyncIterator[str]:
    """A WebSocket server; `script` gets every socket, with the first messages of all sockets so far."""
    greetings: list[str] = []

    async def handle(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        greetings.append(await socket.receive_str())
        await script(socket, greetings)
        return socket

    app = web.Application()
    app.router.add_get("/", handle)
    async with TestServer(app) as running:
        yield f"ws://{running.host}:{running.port}/"


async def play(url: str) -> Ending:
    observer = Observer()
    player = Player("ticket", lambda _: None, asyncio.get_running_loop().call_later, observer)
    async with aiohttp.ClientSession() as http:
        return await Connection(http, url, player, observer, Random(1)).play()


async def test_a_bot_plays_until_the_game_is_over() -> None:
    async def script(socket: web.WebSocketResponse, _: list[str]) -> None:
        await socket.send_json(state())
        await socket.send_json(says("GAME_OVER", {"final_scoreboard": []}))

    async with server(script) as url:
        assert await play(url) == Ending(over=True)


@pytest.mark.parametrize("why", [code for code in CloseCode if not code.come_back])
async def test_a_bot_that_is_not_wanted_back_stays_away(why: CloseCode) -> None:
    async def script(socket: web.WebSocketResponse, _: list[str]) -> None:
        await socket.close(code=why.code)

    async with server(script) as url:
        assert await play(url) == Ending(over=False, close=why)


@pytest.mark.parametrize("code", [1006, *(code.code for code in CloseCode if code.come_back)])
async def test_a_bot_comes_back_with_its_resume_token_after_every_other_close(code: int) -> None:
    async def script(socket: web.WebSocketResponse, greetings: list[str]) -> None:
        await socket.send_json(state())
        if len(greetings) == 2:
            assert '"resume"' in greetings[1]
            await socket.send_json(says("GAME_OVER", {"final_scoreboard": []}))
        elif code == 1006:
            assert socket._req is not None
            assert socket._req.transport is not None
            socket._req.transport.abort()
        else:
            await socket.close(code=code)

    async with server(script) as url:
        assert await play(url) == Ending(over=True)


def test_fewer_than_one_bot_is_refused_with_a_sentence(environment: Environment) -> None:
    with pytest.raises(Refusal, match="say how many with -n"):
        bots.run(environment, lambda _: None, pin="123456", count=0)


def state_with(*urls: str) -> Message:
    return {"type": "GAME_STATE", "payload": {"websocket_urls": urls}}


def test_a_bot_that_finds_no_way_in_tries_every_address_that_it_ever_heard_of() -> None:
    addresses = Addresses("ws://a")
    addresses.hear(state_with("ws://a", "ws://b"))
    addresses.hear(state_with("ws://c"))
    tried = []
    for _ in range(4):
        tried.append(addresses.next)
        addresses.failed()
    assert tried == ["ws://a", "ws://c", "ws://b", "ws://a"]


def test_a_bot_goes_where_the_game_has_moved() -> None:
    addresses = Addresses("ws://a")
    addresses.hear({"type": "GAME_MOVED", "payload": {"websocket_url": "ws://b"}})
    assert addresses.next == "ws://b"
    addresses.failed()
    assert addresses.next == "ws://a"
