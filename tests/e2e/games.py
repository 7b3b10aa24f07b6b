"""Games for tests: an organiser's over the public API, or straight in realtime with settings of one's own."""

import http.client
import json
import time
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import msgspec

from momentum.environment import Environment
from momentum.game.settings import Host, Settings
from momentum.protocol.internal import OpenGame, SourceQuestion
from momentum.protocol.tickets import Keys, mint_internal, mint_ticket
from momentum.protocol.to_client import Role

OPTIONS = ("red", "green", "blue", "white")
ALICE = Host("alice", "Alice")


@dataclass(frozen=True)
class Answer:
    """An HTTP answer: its status and its JSON."""

    status: int
    body: Any


def call(base_url: str, path: str, body: object, **headers: str) -> Answer:
    """POST `body` as JSON. Underscores in the names of `headers` stand for hyphens."""
    parts = urlsplit(base_url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json", **named})
        response = connection.getresponse()
        return Answer(response.status, json.loads(response.read() or b"null"))
    finally:
        connection.close()


class Organiser:
    """Somebody with an account, who calls the site with a session token."""

    def __init__(self, web_url: str, username: str) -> None:
        self._web_url = web_url
        sign_up = {"username": username, "email": f"{uuid.uuid4().hex}@example.org", "password": "correct horse staple"}
        answer = call(web_url, "/_allauth/app/v1/auth/signup", sign_up)
        assert answer.status == 200, answer
        self._session = answer.body["meta"]["session_token"]

    def create_contest(self, **fields: object) -> str:
        """The id of a new contest; `fields` as in POST /api/contests."""
        id_: str = self._call("/api/contests", {"name": "A contest", "contestType": "quick_fire", **fields})["id"]
        return id_

    def open_game(self, contest_id: str) -> dict[str, str]:
        """Open the contest's game: contestId (the game's id), websocketUrl, pin."""
        opened: dict[str, str] = self._call("/api/contest/create-realtime", {"contestId": contest_id})
        return opened

    def ticket(self, game_id: str) -> str:
        """A ticket for the game's WebSocket, as its host."""
        token: str = self._call("/api/contest/token", {"contestId": game_id})["token"]
        return token

    def _call(self, path: str, body: object) -> Any:
        answer = call(self._web_url, path, body, X_Session_Token=self._session)
        assert answer.status in (200, 201), answer
        return answer.body


def open_game(environment: Environment, realtime_url: str, settings: Settings, questions: int) -> str:
    """Open a game of Alice's in realtime, as the site does; its id. Every right answer is the first of OPTIONS."""
    game = OpenGame(
        contest_id=str(uuid.uuid4()),
        source_contest_id=str(uuid.uuid4()),
        name="A game",
        hosts=(ALICE,),
        access="anyone",
        settings=settings,
        questions=tuple(_question(number) for number in range(1, questions + 1)),
    )
    token = mint_internal(Keys(environment.jwt_secrets), at=int(time.time()))
    answer = call(realtime_url, "/api/contests", msgspec.to_builtins(game), Authorization=f"Bearer {token}")
    assert answer.status == 201, answer
    return game.contest_id


def ticket(environment: Environment, game_id: str, user_id: str, role: Role = "player") -> str:
    """A ticket of the site, good for 60 s. A user's name is the id with a capital, as far as names go."""
    username = user_id.capitalize()[:24]
    keys = Keys(environment.jwt_secrets)
    return mint_ticket(keys, sub=user_id, username=username, game_id=game_id, role=role, at=int(time.time()))


def websocket_url(realtime_url: str, game_id: str) -> str:
    return f"ws{realtime_url.removeprefix('http')}/ws/contests/{game_id}"


def _question(number: int) -> SourceQuestion:
    return SourceQuestion(
        bank_id=f"bank-{number}",
        category="Colours",
        difficulty="easy",
        text=f"Which one is it, number {number}?",
        options=OPTIONS,
        answer=OPTIONS[0],
        explanation=f"That is how it is, number {number}.",
    )
