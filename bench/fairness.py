"""Whether distance costs points: players with the same reaction times, near and far, and one who delays his pongs."""

import argparse
import asyncio
import contextlib
import sqlite3
import tempfile
from contextlib import ExitStack, closing
from pathlib import Path
from random import Random
from statistics import mean, median
from typing import NamedTuple

import aiohttp
import msgspec
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect
from tests.chaos.proxy import Proxy
from tests.e2e.checker import violations
from tests.e2e.clients import PlayedGame, play_together
from tests.e2e.games import OPTIONS
from tests.e2e.history import History
from tests.e2e.services import Installation

from momentum.game.settings import Settings
from momentum.wiring.bots.player import Choice, Choose, Message, Player, Question

SETTINGS = Settings(pace="everyone", timer_ms=15_000, intermission_ms=100, max_players=10, host_plays=False)
QUESTIONS_OF_A_GAME = 50
FASTEST_S, SLOWEST_S = 0.7, 2.0
"""Reactions. Below half a second everybody gets full points, so nothing would be seen."""
NEAR, MIDDLE, FAR, CHEAT = "near", "middle", "far", "cheat"
ONE_WAY_S = {MIDDLE: 0.060, FAR: 0.100}
PONG_DELAY_S = 0.4


class Answer(NamedTuple):
    points: int
    t_ms: int
    credit_ms: int


Answers = dict[str, dict[tuple[str, int], Answer]]
"""By player, then by game and question."""


class FairnessGame(PlayedGame):
    """A game in which CHEAT sits near, and answers each ping only after PONG_DELAY_S."""

    async def connect(self, http: aiohttp.ClientSession, url: str, player: Player, history: History) -> None:
        if history.user_id != CHEAT:
            return await super().connect(http, url, player, history)
        history.connecting()
        transport, _ = await ws_connect(lambda: LatePongs(player), url, enable_auto_pong=False)
        await transport.wait_disconnected()


class LatePongs(WSListener):
    """A socket whose owner hopes to be taken for somebody far away."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self._loop = asyncio.get_running_loop()

    def on_ws_connected(self, transport: WSTransport) -> None:
        def say(message: Message) -> None:
            transport.send(WSMsgType.TEXT, msgspec.json.encode(message))

        self._player.connected(say)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.PING:
            self._loop.call_later(PONG_DELAY_S, transport.send_pong, frame.get_payload_as_bytes())
        elif frame.msg_type == WSMsgType.TEXT:
            self._player.hear(msgspec.json.decode(frame.get_payload_as_bytes()))
        if self._player.over:
            transport.disconnect()


def reacting(game: int) -> Choose:
    """Always right, after a time that is the same for everybody in a game."""
    random = Random(game)

    def choose(_: Question) -> Choice:
        return Choice(OPTIONS[0], random.uniform(FASTEST_S, SLOWEST_S))

    return choose


async def play(installation: Installation, questions: int) -> list[PlayedGame]:
    """Enough games at once for so many questions, with a player at each distance."""
    with ExitStack() as proxies:
        port = installation.environment.realtime_port
        urls = {}
        for who, one_way_s in ONE_WAY_S.items():
            proxy = proxies.enter_context(Proxy(("127.0.0.1", port)))
            proxy.up.delay_s = proxy.down.delay_s = one_way_s
            urls[who] = proxy.url
        games: list[PlayedGame] = [
            FairnessGame(
                installation.environment,
                installation.realtime_url,
                SETTINGS,
                min(questions, QUESTIONS_OF_A_GAME),
                {who: reacting(number) for who in (NEAR, MIDDLE, FAR, CHEAT)},
                urls=urls,
            )
            for number in range(-(-questions // QUESTIONS_OF_A_GAME))
        ]
        await play_together(games)
        return games


def answers(installation: Installation, games: list[PlayedGame]) -> Answers:
    """What the results say of each answer: its points, its time, and the credit it was given."""
    found: Answers = {}
    with closing(sqlite3.connect(installation.games_database)) as db:
        for game in games:
            rows = db.execute(
                "SELECT user_id, number, points, t_ms, credit_ms FROM answer_result WHERE game_id = ?", (game.id,)
            )
            for user_id, number, *figures in rows:
                found.setdefault(user_id, {})[game.id, number] = Answer(*figures)
    return found


def tell(found: Answers) -> None:
    """The points of each player beside those of who sits near, question by question."""
    near = found[NEAR]
    print(f"{len(near)} questions; points beside those of who sits near, for the same reaction:")
    print("| player | round trip | mean | worst question | best question | time, median | credit, median |")
    print("|---|---|---|---|---|---|---|")
    round_trips = {who: f"{2000 * one_way_s:.0f} ms" for who, one_way_s in ONE_WAY_S.items()}
    round_trips |= {NEAR: "none", CHEAT: f"none, pongs {1000 * PONG_DELAY_S:.0f} ms late"}
    for who in (NEAR, MIDDLE, FAR, CHEAT):
        apart = [answer.points - near[question].points for question, answer in found[who].items()]
        time_ms = median(answer.t_ms - near[question].t_ms for question, answer in found[who].items())
        credit_ms = median(answer.credit_ms for answer in found[who].values())
        print(
            f"| {who} | {round_trips[who]} | {mean(apart):+.2f} | {min(apart):+d} | {max(apart):+d} "
            f"| {time_ms:+.0f} ms | {credit_ms:.0f} ms |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=200, help="in games of at most 50 (default: 200)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Installation(Path(folder)) as installation:
        games = asyncio.run(play(installation, options.questions))
        for game in games:
            for violation in violations(installation.games_database, game.id, game.histories):
                print(f"VIOLATION {violation}")
        tell(answers(installation, games))


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
