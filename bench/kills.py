"""How long a game is away when realtime is killed in the middle of a question, again and again."""

import argparse
import contextlib
import tempfile
from pathlib import Path
from statistics import median

from tests.e2e.checker import violations
from tests.e2e.kills import game_for, kill_in_question
from tests.e2e.measure import percentile
from tests.e2e.services import Installation

PATIENCE_S = 120.0


def run(installation: Installation, kills: int, players: int) -> None:
    """Kill, and print how the players came back."""
    game = game_for(installation, kills, players)
    playing = game.in_background()
    gaps: list[float] = []
    clocks: list[float] = []
    for number in range(1, kills + 1):
        returns = kill_in_question(installation, game, number, lambda: installation.kill("realtime"))
        gaps += [one.gap_s for one in returns]
        clocks += [one.clock_s for one in returns if one.clock_s is not None]
        worst = max(one.gap_s for one in returns)
        print(f"kill {number:2d}: back after {median(one.gap_s for one in returns):.2f} s, the last {worst:.2f} s")
    playing.result(PATIENCE_S)
    found = violations(installation.games_database, game.id, game.histories)
    acknowledged = sum(answer.outcome == "ok" for history in game.histories for answer in history.answers)
    print(f"{kills} kills, {len(gaps)} returns:")
    print(f"away for p50 {median(gaps):.2f} s, p95 {percentile(gaps, 95):.2f} s, max {max(gaps):.2f} s")
    print(f"the question's clock after the return: {min(clocks):+.2f} to {max(clocks):+.2f} s beside standing still")
    print(f"{acknowledged} answers acknowledged; violations: {found or 'none'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--players", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Installation(Path(folder)) as installation:
        run(installation, options.kills, options.players)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
