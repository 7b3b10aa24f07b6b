"""Two workers count at once while an organiser voids questions: real processes, on SQLite and on PostgreSQL."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.postgres_server import Postgres

PROGRAM = (sys.executable, "-m", "tests.web.leaderboards.side_by_side")
ROOT = Path(__file__).parents[3]


@pytest.fixture(params=["sqlite", "postgresql"])
def environment(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    variables = {
        **os.environ,
        "MOMENTUM_ENV_FILE": "",
        "MOMENTUM_DATA_DIR": str(tmp_path),
        "DATABASE_URL": "",
        "PYTHONPATH": os.pathsep.join([str(ROOT), *(path for path in sys.path if path)]),
    }
    if request.param == "sqlite":
        yield variables
        return
    server: Postgres = request.getfixturevalue("postgres")
    yield {**variables, "DATABASE_URL": server.create_database("side_by_side")}
    server.drop_database("side_by_side")


@pytest.mark.timeout(300)  # ten processes, on a machine that may be busy
def test_boards_are_what_the_answers_come_to_however_many_count(environment: dict[str, str]) -> None:
    def run(what: str) -> str:
        return subprocess.run(
            [*PROGRAM, what], env=environment, check=True, capture_output=True, text=True, timeout=250
        ).stdout

    run("fill")
    workers = [subprocess.Popen([*PROGRAM, "count"], env=environment) for _ in range(2)]
    try:
        run("void")
        assert [worker.poll() for worker in workers] == [None, None]
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    assert json.loads(run("tell")) == []
