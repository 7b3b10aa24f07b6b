"""A whole client of Momentum, in one file: log in, open a game or join one, play it to the end.

It needs the `websockets` library and reads only the oldest part of the protocol: PLAYER_JOINED, CONTEST_STARTED,
NEW_QUESTION, ANSWER_RESULT, SCORE_UPDATE, GAME_OVER. It ignores every other message, as clients should do with what
they do not know. docs/reference/protocol.md has the rest: coming back after a drop, pauses, the state on arrival.

Alice opens a game, and starts it as soon as two are there:

    python examples/document_client.py --url http://localhost:8080 --username alice --password ...

Bob joins it:

    python examples/document_client.py --url http://localhost:8080 --username bob --password ... --join CONTEST_ID
"""

import argparse
import json
import os
import random
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

TIMEOUT_S = 30


class Refused(Exception):
    """The server said no; the message is its own."""


class Service:
    """The HTTP calls of realtime."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self.token = ""

    def log_in(self, username: str, password: str) -> str:
        """The user's id."""
        answer = self._post("/login", {"username": username, "password": password})
        self.token = answer["token"]
        user_id: str = answer["user_id"]
        return user_id

    def create_contest(self, difficulty: str, question_count: int) -> str:
        """The id of a new game."""
        wish = {"difficulty": difficulty, "question_count": question_count}
        contest_id: str = self._post("/api/contests", wish)["contest_id"]
        return contest_id

    def websocket_url(self, contest_id: str) -> str:
        return f"ws{self._url.removeprefix('http')}/ws/contests/{contest_id}?token={quote(self.token)}"

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(self._url + path, json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                raise Refused(f"{path}: {error.code} {error.read().decode(errors='replace')}") from None


class Game:
    """Plays one game. `starts_with`: as soon as so many players are there, start; 0: somebody else does."""

    def __init__(self, connection: ClientConnection, user_id: str, starts_with: int, think_s: float) -> None:
        self._connection = connection
        self._user_id = user_id
        self._starts_with = starts_with
        self._think_s = think_s
        self.final_scoreboard: list[dict[str, Any]] | None = None

    def play(self) -> None:
        """Until GAME_OVER. Raises ConnectionClosed where the server ends the connection before."""
        while self.final_scoreboard is None:
            message = json.loads(self._connection.recv())
            handle: Callable[[dict[str, Any]], None] | None = getattr(self, f"_on_{message['type'].lower()}", None)
            if handle is not None:
                handle(message["payload"])

    def _on_player_joined(self, payload: dict[str, Any]) -> None:
        say(f"{payload['username']} is here: {payload['player_count']} players")
        if self._starts_with and payload["player_count"] >= self._starts_with:
            self._starts_with = 0
            self._send({"type": "START_GAME"})

    def _on_contest_started(self, payload: dict[str, Any]) -> None:
        say(f"{payload['message']} {payload['total_questions']} questions")

    def _on_new_question(self, payload: dict[str, Any]) -> None:
        say(f"\n{payload['question_number']}/{payload['total_questions']} {payload['question_text']}")
        say(f"  {' | '.join(payload['options'])}   ({payload['timer']} s)")
        time.sleep(random.uniform(0, self._think_s))
        answer = random.choice(payload["options"])
        say(f"  my answer: {answer}")
        self._send({"type": "SUBMIT_ANSWER", "question_id": payload["question_id"], "answer": answer})

    def _on_answer_result(self, payload: dict[str, Any]) -> None:
        if payload["is_correct"]:
            say(f"  right: {payload['points_awarded']} points in {payload['time_taken']} s, now {payload['new_score']}")
        else:
            say("  wrong")

    def _on_score_update(self, payload: dict[str, Any]) -> None:
        say(f"  {payload['username']} has {payload['score']} points, {payload['points_earned']} of them just now")

    def _on_game_over(self, payload: dict[str, Any]) -> None:
        self.final_scoreboard = payload["final_scoreboard"]
        say(f"\n{payload['message']}")
        for row in payload["final_scoreboard"]:
            say(f"{row['score']:>6} {row['username']}{' (me)' if row['user_id'] == self._user_id else ''}")

    def _send(self, message: dict[str, Any]) -> None:
        self._connection.send(json.dumps(message))


def say(line: str) -> None:
    print(line, flush=True)


def main() -> int:
    options = arguments()
    service = Service(options.url)
    try:
        user_id = service.log_in(options.username, options.password)
        contest_id = options.join or service.create_contest(options.difficulty, options.questions)
        say(f"contest {contest_id}")
        with connect(service.websocket_url(contest_id)) as connection:
            Game(connection, user_id, 0 if options.join else options.players, options.think).play()
    except (Refused, OSError, ConnectionClosed) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Play a game of Momentum.")
    parser.add_argument("--url", default="http://localhost:8080", help="realtime (default: %(default)s)")
    parser.add_argument("--username", required=True)
    parser.add_argument("--password", default=os.environ.get("PASSWORD", ""), help="or the environment's PASSWORD")
    parser.add_argument("--join", metavar="CONTEST_ID", help="join this game instead of opening one")
    parser.add_argument("--players", type=int, default=2, help="start when so many are there (default: %(default)s)")
    parser.add_argument("--difficulty", default="medium", help="easy, medium, hard or mixed (default: %(default)s)")
    parser.add_argument("--questions", type=int, default=5, help="how many (default: %(default)s)")
    parser.add_argument(
        "--think", type=float, default=3.0, help="think for up to so many seconds (default: %(default)s)"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
