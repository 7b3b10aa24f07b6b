"""PostgreSQL as an installation's database: what `momentum check` asks of it, and processes that run on it."""

import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from tests.postgres_server import OwnPostgres

from momentum.environment import Environment
from momentum.wiring import check, postgres, probe
from momentum.wiring.services import web_url

Start = Callable[..., "subprocess.Popen[str]"]
Eventually = Callable[[Callable[[], object], str], None]


@pytest.fixture
def own() -> Iterator[OwnPostgres]:
    with OwnPostgres() as server:
        yield server


def on(environment: Environment, url: str) -> Environment:
    return replace(environment, database_url=url)


def test_a_server_with_its_own_defaults_is_fine(environment: Environment, own: OwnPostgres) -> None:
    [finding] = check.server(on(environment, own.url("postgres")))
    assert finding.fine


def test_everything_that_loses_commits_or_refuses_connections_is_said(environment: Environment) -> None:
    careless = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    with OwnPostgres(max_connections="12", **careless) as server:
        server.create_database("latin")
        here = on(environment, server.url("latin"))
        said = list(postgres.shortcomings(here))
        assert [any(f"{name}=off" in sentence for sentence in said) for name in careless] == [True] * 3
        assert f"may need {postgres.ROOM}" in said[-1]
        assert len(list(postgres.shortcomings(replace(here, durability="process")))) == 1


def test_limits_of_the_role_count_too(environment: Environment, own: OwnPostgres) -> None:
    with psycopg.connect(own.url("postgres")) as connection:
        connection.execute("CREATE ROLE quiz LOGIN CONNECTION LIMIT 5")
    url = own.url("postgres").replace("momentum@", "quiz@")
    assert "leaves 5 connections" in " ".join(postgres.shortcomings(on(environment, url)))


def test_the_site_and_the_worker_run_on_it_and_outlive_its_restart(
    environment: Environment,
    variables: dict[str, str],
    start: Start,
    eventually: Eventually,
    own: OwnPostgres,
) -> None:
    variables["DATABASE_URL"] = own.create_database()
    preparing = [start("-m", "momentum", "migrate") for _ in range(2)]
    assert [process.wait(60) for process in preparing] == [0, 0], "two machines may start at once"
    site, worker = start("-m", "momentum", "web"), start("-m", "momentum", "worker")
    ready = f"{web_url(environment)}/readyz"
    eventually(lambda: probe.is_ready(ready), "the site is ready")
    eventually(lambda: did_a_job(variables["DATABASE_URL"]), "the worker does periodic jobs")
    own.kill()
    eventually(lambda: not probe.is_ready(ready), "the site says that its database is away")
    own.start()
    eventually(lambda: probe.is_ready(ready), "the site is ready again")
    with closing(psycopg.connect(variables["DATABASE_URL"], autocommit=True)) as connection:
        connection.execute("UPDATE django_tasks_database_dbtaskresult SET status = 'READY'")
    eventually(lambda: did_a_job(variables["DATABASE_URL"]), "the worker goes on")
    for process in (site, worker):
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert not list(Path(variables["MOMENTUM_DATA_DIR"]).glob("*.sqlite3")), "nothing went into files"


def did_a_job(url: str) -> bool:
    with closing(psycopg.connect(url)) as connection:
        row = connection.execute(
            "SELECT count(*) FROM django_tasks_database_dbtaskresult WHERE status = 'SUCCESSFUL'"
        ).fetchone()
    return row is not None and row[0] > 0


def test_commands_say_what_is_wrong_with_the_address(start: Start, variables: dict[str, str], own: OwnPostgres) -> None:
    variables["DATABASE_URL"] = own.url("nowhere")
    for command in ("migrate", "web", "worker"):
        process = start("-m", "momentum", command)
        said, _ = process.communicate(timeout=60)
        assert (process.returncode, said.count("\n")) == (1, 1), said
        assert "check its server and DATABASE_URL" in said
    process = start("-m", "momentum", "check")
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "TO DO  The database does not answer" in said
    assert "Traceback" not in said
