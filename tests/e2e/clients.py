"""Clients that play a game of Alice's through the public protocol, each with a History of what it saw."""

import asyncio
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from random import Random

import aiohttp
import msgspec

from momentum.environment import Environment
from momentum.game.settings import Settings
from momentum.wiring.bots.connection import Connection
from momentum.wiring.bots.player import Choice, Choose, Player, Question

from .games import ALICE, open_game, ticket, websocket_url
from .history import History

ENTERING_S = 30.0


def guessing(seed: str, fastest_s: float, slowest_s: float) -> Choose:
    """Answers at random, any time between the two after the question came. The same seed does the same."""
    random = Random(seed)

    def choose(question: Question) -> Choice:
        return Choice(random.choice(question.options), random.uniform(fastest_s, slowest_s))

    return choose


class PlayedGame:
    """A game that was opened in realtime, and its players. `urls`: where those connect who do not go straight there."""

    def __init__(
        self,
        environment: Environment,
        realtime_url: str,
        settings: Settings,
        questions: int,
        players: Mapping[str, Choose],
        *,
        keeps_frames: bool = True,
        urls: Mapping[str, str] | None = None,
    ) -> None:
        self.id = open_game(environment, realtime_url, settings, questions)
        self.histories = [History(user_id, keeps_frames) for user_id in players]
        self._environment = environment
        self._url = websocket_url(realtime_url, self.id)
        self._urls = {user_id: websocket_url(base, self.id) for user_id, base in (urls or {}).items()}
        self._players = players

    async def play(self, http: aiohttp.ClientSession) -> None:
        """Enter, start, and play until everybody has seen the end."""
        async with asyncio.TaskGroup() as together:
            for history in self.histories:
                together.create_task(self._one(http, history))
            await self._all_in()
            await self._start(http)

    async def connect(self, http: aiohttp.ClientSession, url: str, player: Player, history: History) -> None:
        """Keep one player connected to the end."""
        await Connection(http, url, player, history, Random(history.user_id)).play()

    def in_background(self) -> "Future[None]":
        """Play in a thread of its own, while the caller does something to the servers."""
        threads = ThreadPoolExecutor(1, thread_name_prefix="clients")
        future = threads.submit(lambda: asyncio.run(play_together([self])))
        threads.shutdown(wait=False)
        return future

    async def _one(self, http: aiohttp.ClientSession, history: History) -> None:
        user_id = history.user_id
        token = ticket(self._environment, self.id, user_id)
        player = Player(token, self._players[user_id], asyncio.get_running_loop().call_later, history)
        await self.connect(http, self._urls.get(user_id, self._url), player, history)
        assert player.over, f"{user_id} did not see the end: {player.refusal}"

    async def _all_in(self) -> None:
        until = time.monotonic() + ENTERING_S
        while not all(history.frames for history in self.histories):
            assert time.monotonic() < until, "not everybody came in"
            await asyncio.sleep(0.02)

    async def _start(self, http: aiohttp.ClientSession) -> None:
        token = ticket(self._environment, self.id, ALICE.user_id, "host")
        async with http.ws_connect(self._url) as socket:
            await socket.send_str(msgspec.json.encode({"type": "AUTHENTICATE", "token": token}).decode())
            await socket.send_str('{"type":"START_GAME"}')
            while '"CONTEST_STARTED"' not in await socket.receive_str(timeout=ENTERING_S):
                pass


async def play_together(games: Iterable[PlayedGame]) -> None:
    """Play all of them at the same time, until all are over."""
    connector = aiohttp.TCPConnector(limit=0)
    async with (
        aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as http,
        asyncio.TaskGroup() as together,
    ):
        for game in games:
            together.create_task(game.play(http))
