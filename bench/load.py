"""Many players at once: one game of 500, or 100 games of 6, to the end and without an error."""

import argparse
import asyncio
import contextlib
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import uvloop
from tests.e2e.checker import violations
from tests.e2e.clients import PlayedGame, guessing, play_together
from tests.e2e.measure import acknowledgements_ms, cpu_s, errors, percentile, rss_mb
from tests.e2e.services import Installation

from momentum.game.settings import Settings
from momentum.wiring import descriptors

FASTEST_S, SLOWEST_S = 0.3, 4.0
LAG_EVERY_S = 0.02


def opened(installation: Installation, games: int, players: int, questions: int) -> list[PlayedGame]:
    """That many games, each with so many players who answer at random times."""
    settings = Settings(pace="everyone", timer_ms=15_000, intermission_ms=1_000, max_players=players, host_plays=False)
    return [
        PlayedGame(
            installation.environment,
            installation.realtime_url,
            settings,
            questions,
            {f"g{game}p{player}": guessing(f"{game} {player}", FASTEST_S, SLOWEST_S) for player in range(players)},
            keeps_frames=False,
        )
        for game in range(games)
    ]


async def lag_ms(into: list[float]) -> None:
    """How late this process's own event loop runs: what it adds to every latency that it measures."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + LAG_EVERY_S
        await asyncio.sleep(LAG_EVERY_S)
        into.append(1000 * (loop.time() - due))


async def play(games: Sequence[PlayedGame], lags: list[float]) -> None:
    lag = asyncio.create_task(lag_ms(lags))
    await play_together(games)
    lag.cancel()


def run(installation: Installation, games: int, players: int, questions: int) -> None:
    """Play, and print what it has cost."""
    pid = installation.pids()["realtime"]
    played = opened(installation, games, players, questions)
    lags: list[float] = []
    before_s, own_s, began = cpu_s(pid), cpu_s(os.getpid()), time.monotonic()
    uvloop.run(play(played, lags))
    took_s, used_s, own_s = time.monotonic() - began, cpu_s(pid) - before_s, cpu_s(os.getpid()) - own_s
    histories = [history for game in played for history in game.histories]
    acks = acknowledgements_ms(histories)
    print(f"{games} x {players} players, {questions} questions: {len(acks)} answers acknowledged in {took_s:.1f} s")
    print(f"  realtime      {used_s:.2f} CPU-s ({1e6 * used_s / len(acks):.0f} us per answer), {rss_mb(pid):.0f} MB")
    print(f"  acknowledged  {spread(acks)}")
    print(f"  the bots      {own_s:.2f} CPU-s, their event loop late by {spread(lags)}")
    print(f"  errors        {dict(errors(histories)) or 'none'}; {troubles(installation, played)}")


def spread(milliseconds: Sequence[float]) -> str:
    return (
        f"p50 {percentile(milliseconds, 50):.1f} ms, p99 {percentile(milliseconds, 99):.1f} ms, "
        f"max {max(milliseconds):.0f} ms"
    )


def troubles(installation: Installation, played: Sequence[PlayedGame]) -> str:
    """What went wrong in the servers."""
    database, log = installation.games_database, installation.log.read_text()
    broken = [sentence for game in played for sentence in violations(database, game.id, game.histories)]
    for sentence in broken[:20]:
        print(f"  VIOLATION {sentence[:500]}")
    restarts, tracebacks = log.count("is started again"), log.count("Traceback")
    return f"violations {len(broken)}, restarts {restarts}, tracebacks {tracebacks}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--games", type=int, default=1)
    parser.add_argument("--players", type=int, default=500, help="of each game (default: 500)")
    parser.add_argument("--questions", type=int, default=10, help="of each game (default: 10)")
    parser.add_argument("--times", type=int, default=1, help="how often to run it, on one installation (default: 1)")
    options = parser.parse_args()
    descriptors.allow_many()
    with tempfile.TemporaryDirectory() as folder, Installation(Path(folder)) as installation:
        for _ in range(options.times):
            run(installation, options.games, options.players, options.questions)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
