"""`python -m tests.chaos`: the suite in full size, with figures. Each call adds to a file; `table` prints what it has.

`rows` runs every test of a fault with several seeds; `kills` kills the owners of games, some kills at a time.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from tests.e2e.measure import percentile
from tests.postgres_server import OwnPostgres

from momentum.wiring import descriptors

from .cluster import Cluster, migrate, variables
from .owner_kills import PLAYERS, run

FULL_SIZE = {"MOMENTUM_CROWD": "5000", "MOMENTUM_AWAY_S": "30"}


def rows(options: argparse.Namespace) -> int:
    """The tests of the faults, once for each seed."""
    worst = 0
    for seed in range(options.seed, options.seed + options.seeds):
        chosen = ("-k", options.only) if options.only else ()
        sizes = FULL_SIZE | {"MOMENTUM_SEED": str(seed), "MOMENTUM_FIGURES": str(options.into)}
        command = (sys.executable, "-m", "pytest", "-q", "--timeout=900", *chosen, "tests/chaos")
        failed = subprocess.run(command, env={**os.environ, **sizes}).returncode
        keep(options.into, {"tests": f"seed {seed}", "failed": failed})
        worst = max(worst, failed)
    return worst


def kills(options: argparse.Namespace) -> int:
    """One piece of the owners' deaths."""
    descriptors.allow_many()
    with tempfile.TemporaryDirectory() as folder, OwnPostgres() as postgres:
        database = postgres.create_database()
        migrate(variables(Path(folder) / "site") | {"DATABASE_URL": database})
        with Cluster(Path(folder), database_url=database, nodes=2, MAX_GAMES_PER_HOST="1000") as cluster:
            found = run(cluster, games=options.games, kills=options.kills, seed=options.seed)
    keep(options.into, {"seed": options.seed, "games": options.games, **asdict(found)})
    table(options)
    return 1 if found.violations else 0


def table(options: argparse.Namespace) -> int:
    """Everything that was measured so far, as Markdown."""
    kept = [json.loads(line) for line in options.into.read_text().splitlines()]
    pieces = [one for one in kept if "silences_s" in one]
    if pieces:
        print("\n".join(_of_kills(pieces)))
    figures: dict[tuple[str, str, str], list[float]] = {}
    for one in kept:
        if "fault" in one:
            figures.setdefault((one["fault"], one["what"], one["unit"]), []).append(one["value"])
    if figures:
        print("\n| fault | measured | median | worst | runs |\n|---|---|---|---|---|")
    for (fault, what, unit), values in sorted(figures.items()):
        print(f"| {fault} | {what} | {median(values):.2f} {unit} | {max(values):.2f} {unit} | {len(values)} |")
    return 0


def _of_kills(pieces: list[dict[str, Any]]) -> Iterable[str]:
    silences = [silence for piece in pieces for silence in piece["silences_s"]]
    broken = [sentence for piece in pieces for sentence in piece["violations"]]
    yield "| owners killed | games | returns | median | 99 % | longest | answers acknowledged | violations |"
    yield "|---|---|---|---|---|---|---|---|"
    yield (
        f"| {sum(piece['kills'] for piece in pieces)} | {pieces[0]['games']} of {PLAYERS} players | {len(silences)} "
        f"| {median(silences):.2f} s | {percentile(silences, 99):.2f} s | {max(silences):.2f} s "
        f"| {sum(piece['acknowledged'] for piece in pieces)} | {len(broken) or 'none'} |"
    )
    yield from (f"VIOLATION {sentence[:500]}" for sentence in broken)


def keep(into: Path, what: dict[str, Any]) -> None:
    into.parent.mkdir(parents=True, exist_ok=True)
    with into.open("a") as file:
        file.write(json.dumps(what) + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--into", type=Path, default=Path("var/chaos.jsonl"), help="where figures are kept")
    parser.add_argument("--seed", type=int, default=1, help="decides what happens when (default: 1)")
    parts = parser.add_subparsers(required=True)
    of_rows = parts.add_parser("rows", help="every test of a fault, in full size")
    of_rows.add_argument("--seeds", type=int, default=1, help="how often, with a seed of its own each (default: 1)")
    of_rows.add_argument("--only", help="as pytest -k")
    of_rows.set_defaults(do=rows)
    of_kills = parts.add_parser("kills", help="kill the owners of games that are played")
    of_kills.add_argument("--kills", type=int, default=20, help="of this piece (default: 20; it takes some minutes)")
    of_kills.add_argument("--games", type=int, default=20, help=f"of {PLAYERS} players each (default: 20)")
    of_kills.set_defaults(do=kills)
    parts.add_parser("table", help="print what was measured so far").set_defaults(do=table)
    options = parser.parse_args()
    code: int = options.do(options)
    return code


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main())
