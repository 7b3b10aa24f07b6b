"""Run every check, one after the other, and say at the end which failed. `./test` calls it."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import browser

from momentum.environment.table import SETTINGS

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.prefix) / "bin"
PYTEST = (sys.executable, "-m", "pytest")
Variables = Mapping[str, str]
ON_EVERY_DATABASE = ("tests/web", *(f"tests/wiring/test_{name}.py" for name in ("schema", "jobs", "orphans", "status")))


@dataclass(frozen=True)
class Check:
    """`run` returns whether all was well; what it looks at, it prints."""

    name: str
    meaning: str
    run: Callable[[Variables], bool]


@dataclass(frozen=True)
class Outcome:
    name: str
    passed: bool
    seconds: float


def passes(variables: Variables, *command: str | Path) -> bool:
    return subprocess.run(command, cwd=ROOT, env=variables, stdin=subprocess.DEVNULL).returncode == 0


def formatted(variables: Variables) -> bool:
    return passes(variables, BIN / "ruff", "format", "--check", ".")


def linted(variables: Variables) -> bool:
    return passes(variables, BIN / "ruff", "check", ".")


def layered(variables: Variables) -> bool:
    return passes(variables, BIN / "lint-imports")


def typed(variables: Variables) -> bool:
    return passes(variables, BIN / "mypy")


def tested(variables: Variables) -> bool:
    return passes(
        variables, *PYTEST, "--ignore=tests/e2e", "--ignore=tests/chaos", "--numprocesses=2", "--dist=loadfile", "tests"
    )


def tested_on_postgresql(variables: Variables) -> bool:
    """What of the site asks the database, again on PostgreSQL. pytest-django reads the settings before any fixture."""
    command = (sys.executable, "-m", "tests.postgres_server", *PYTEST)
    return passes(variables, *command, "--numprocesses=2", "--dist=loadfile", *ON_EVERY_DATABASE)


def scripted(variables: Variables) -> bool:
    """The site's own JavaScript. Having some without a test is a failure."""
    tests = sorted(ROOT.glob("tests/**/*.test.mjs"))
    if not tests:
        return not any(ROOT.glob("src/momentum/**/*.js"))
    return passes(variables, browser.node(), "--test", *tests)


def played(variables: Variables) -> bool:
    """In a call of its own: Playwright's event loop and those of asyncio tests do not share a process."""
    try:
        chromium = browser.find()
    except browser.NoBrowser as refusal:
        print(refusal, file=sys.stderr)
        return False
    return passes({**variables, "MOMENTUM_CHROMIUM": str(chromium)}, *PYTEST, "tests/e2e")


def survived(variables: Variables) -> bool:
    """In a call of its own: its tests kill servers, wait a lot, and measure how long things take."""
    return passes(variables, *PYTEST, "--numprocesses=4", "--dist=loadfile", "tests/chaos")


CHECKS = (
    Check("format", "the code is in its normal form (ruff)", formatted),
    Check("lint", "no known mistake (ruff)", linted),
    Check("layers", "packages import only what they may (import-linter)", layered),
    Check("types", "types fit (mypy)", typed),
    Check("tests", "all but the next and the last (pytest)", tested),
    Check("chaos", "faults of processes, disks, databases and networks (pytest)", survived),
    Check("postgres", "the site again, on PostgreSQL (pytest)", tested_on_postgresql),
    Check("scripts", "the pages' own JavaScript (node)", scripted),
    Check("browser", "real processes and a real browser (pytest, Playwright)", played),
)


def main(arguments: list[str]) -> int:
    chosen = options(arguments)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="momentum-test-") as data_dir:
        outcomes = [carry_out(check, variables(data_dir)) for check in CHECKS if check.name in chosen]
    print("\n== summary")
    for outcome in outcomes:
        print(f"{'ok    ' if outcome.passed else 'FAILED'} {outcome.name:<9}{outcome.seconds:6.1f} s")
    failed = [outcome.name for outcome in outcomes if not outcome.passed]
    print(f"{', '.join(failed)} failed" if failed else f"all is well, after {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


def options(arguments: list[str]) -> list[str]:
    """The names of the checks to run."""
    names = [check.name for check in CHECKS]
    parser = argparse.ArgumentParser(
        prog="./test",
        description="Run every check, or only those named.",
        epilog="\n".join(f"{check.name:<9} {check.meaning}" for check in CHECKS),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("check", nargs="*", help="one of the names below")
    chosen: list[str] = parser.parse_args(arguments).check
    if wrong := [name for name in chosen if name not in names]:
        parser.error(f"there is no check {wrong[0]}; there are {', '.join(names)}")
    return chosen or names


def variables(data_dir: str) -> Variables:
    """The environment of a check: none of the developer's own settings, data in a folder that goes away."""
    settings = {name for setting in SETTINGS for name in (setting.name, *setting.other_names)}
    rest = {name: value for name, value in os.environ.items() if name not in settings}
    return {**rest, "MOMENTUM_DATA_DIR": data_dir, "MOMENTUM_ENV_FILE": ""}


def carry_out(check: Check, environment: Variables) -> Outcome:
    print(f"\n== {check.name}: {check.meaning}", flush=True)
    began = time.monotonic()
    passed = check.run(environment)
    return Outcome(check.name, passed, time.monotonic() - began)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
