"""Games of every kind, while realtime is killed or stopped and the database is taken away, at random moments."""

import argparse
import asyncio
import contextlib
import os
import signal
import sqlite3
import tempfile
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from random import Random

from tests.e2e.clients import PlayedGame, guessing, play_together
from tests.e2e.measure import errors
from tests.e2e.services import Installation

from bench.load import troubles
from momentum.game.settings import Settings

GAMES, PLAYERS, QUESTIONS = 10, 6, 12
SETTLING_S = 2.0
PAUSES_S = (0.1, 0.6, 1.2, 2.5)
LOCKED_S = 3.0
"""Longer than an append waits for the database."""
PATIENCE_S = 120.0


def opened(installation: Installation, random: Random) -> list[PlayedGame]:
    """Games with all kinds of settings."""
    games = []
    for game in range(GAMES):
        settings = Settings(
            pace=random.choice(("race", "everyone")),
            timer_ms=random.choice((3_000, 6_000)),
            intermission_ms=random.choice((0, 300, 1_000)),
            countdown_ms=random.choice((0, 500)),
            reveal=random.choice(("at_close", "immediate")),
            max_players=PLAYERS,
            host_plays=False,
        )
        players = {f"g{game}p{player}": guessing(f"{game} {player}", 0.01, 4.0) for player in range(PLAYERS)}
        installed, url = installation.environment, installation.realtime_url
        games.append(PlayedGame(installed, url, settings, QUESTIONS, players))
    return games


def disturb(installation: Installation, random: Random, playing: "Future[None]", times: int) -> dict[str, int]:
    """Do something bad at random moments, that many times or until all is over; what was done how often."""
    done = {"SIGKILL": 0, "SIGTERM": 0, "lock": 0}
    while sum(done.values()) < times and not playing.done():
        what = random.choice(("SIGKILL", "SIGKILL", "SIGTERM", "lock"))
        if what == "lock":
            with closing(sqlite3.connect(installation.games_database, isolation_level=None)) as database:
                database.execute("BEGIN IMMEDIATE")
                time.sleep(LOCKED_S)
                database.execute("ROLLBACK")
        elif pid := installation.pids().get("realtime"):
            os.kill(pid, signal.Signals[what])
        done[what] += 1
        time.sleep(random.choice(PAUSES_S))
    return done


def run(installation: Installation, seed: int, times: int) -> None:
    """Play, disturb, check."""
    random = Random(seed)
    games = opened(installation, random)
    with ThreadPoolExecutor(1) as threads:
        playing = threads.submit(lambda: asyncio.run(play_together(games)))
        time.sleep(SETTLING_S)
        done = disturb(installation, random, playing, times)
        playing.result(PATIENCE_S)
    histories = [history for game in games for history in game.histories]
    acknowledged = sum(answer.outcome == "ok" for history in histories for answer in history.answers)
    print(f"{done}: {acknowledged} answers acknowledged; clients saw {dict(errors(histories))}")
    print(troubles(installation, games))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="decides what happens when (default: 1)")
    parser.add_argument("--times", type=int, default=30, help="how many disturbances (default: 30)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Installation(Path(folder)) as installation:
        run(installation, options.seed, options.times)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
