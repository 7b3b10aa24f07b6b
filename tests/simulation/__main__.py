"""python -m tests.simulation --seed N [--profile P] [--verbose]: play one simulation again, exactly."""

import argparse
import sys

from .profiles import PROFILES
from .world import simulate


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--profile", choices=list(PROFILES), help="otherwise the seed chooses")
    parser.add_argument("--verbose", action="store_true", help="write everything that happened")
    options = parser.parse_args()
    run = simulate(options.seed, options.profile)
    if options.verbose:
        sys.stdout.write(f"{run.trace}\n")
    sys.stdout.write("".join(f"VIOLATION {sentence}\n" for sentence in run.violations))
    sys.stdout.write(f"seed {run.seed}, {run.profile}: {run.lasted_s:.1f} s, {len(run.violations)} violations\n")
    return bool(run.violations)


if __name__ == "__main__":
    sys.exit(main())
