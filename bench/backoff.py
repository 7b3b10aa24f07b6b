"""A simulation: how long players stay away from a server that was away, by how fast their backoff grows."""

import argparse
from random import Random
from statistics import median

from tests.e2e.measure import percentile

from momentum.wiring.bots.connection import BACKOFF_GROWTH, FIRST_BACKOFF_S, LAST_BACKOFF_S

PLAYERS = 40_000
TOO_LONG_S = 3.0


def away_s(restart_s: float, growth: float, random: Random) -> float:
    """When the first attempt comes that finds the server; bounds grow, and each wait is anywhere below its bound."""
    waited_s, attempts = 0.0, 0
    while waited_s < restart_s:
        waited_s += random.random() * min(LAST_BACKOFF_S, FIRST_BACKOFF_S * growth**attempts)
        attempts += 1
    return waited_s


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--restart-s", type=float, default=1.0, help="how long the server is away (default: 1)")
    restart_s: float = parser.parse_args().restart_s
    random = Random(1)
    for growth in (2.0, 1.5, BACKOFF_GROWTH):
        away = [away_s(restart_s, growth, random) for _ in range(PLAYERS)]
        too_long = sum(seconds > TOO_LONG_S for seconds in away) / PLAYERS
        print(f"x {growth}: median {median(away):.2f} s, 99 % {percentile(away, 99):.2f} s, over 3 s {too_long:.1%}")


if __name__ == "__main__":
    main()
