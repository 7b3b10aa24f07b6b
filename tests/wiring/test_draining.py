"""The worker as a real process on real databases."""

import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from subprocess import Popen

import pytest

from momentum.environment import Environment

Start = Callable[..., "Popen[str]"]
Eventually = Callable[[Callable[[], object], str], None]
MOMENTUM = ("-P", "-m", "momentum")


@pytest.fixture
def site(prepared: Path, environment: Environment) -> Path:
    """The site's database."""
    shutil.copytree(prepared, environment.data_dir, dirs_exist_ok=True)
    return environment.data_dir / "site.sqlite3"


@pytest.fixture
def worker(start: Start, site: Path, eventually: Eventually) -> "Iterator[Popen[str]]":
    process = start(*MOMENTUM, "worker")
    eventually(lambda: statuses(site) == {"SUCCESSFUL"}, "the jobs that are due at the first start are done")
    yield process


def statuses(site: Path) -> set[str]:
    with closing(sqlite3.connect(site, timeout=30)) as connection:
        return {status for (status,) in connection.execute("SELECT status FROM django_tasks_database_dbtaskresult")}


def queue_all_again(site: Path, status: str, worker_ids: str = "[]") -> None:
    """Make every task of the queue one that has this status and these workers."""
    with closing(sqlite3.connect(site, timeout=30)) as connection, connection:
        connection.execute(
            "UPDATE django_tasks_database_dbtaskresult SET status = ?, worker_ids = ?", (status, worker_ids)
        )


def test_tasks_that_are_queued_are_done(worker: "Popen[str]", site: Path, eventually: Eventually) -> None:
    queue_all_again(site, "READY")
    eventually(lambda: statuses(site) == {"SUCCESSFUL"}, "they are done")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_and_without_a_word(worker: "Popen[str]", number: signal.Signals) -> None:
    worker.send_signal(number)
    printed, _ = worker.communicate(timeout=30)
    assert (worker.returncode, printed) == (0, "")


def test_what_a_killed_worker_was_doing_is_done_by_the_next(
    worker: "Popen[str]", site: Path, start: Start, eventually: Eventually
) -> None:
    with closing(sqlite3.connect(site)) as connection:
        [(worker_ids,)] = connection.execute(
            "SELECT DISTINCT worker_ids FROM django_tasks_database_dbtaskresult WHERE worker_ids <> '[]'"
        )
    worker.kill()
    worker.wait()
    queue_all_again(site, "RUNNING", worker_ids)
    start(*MOMENTUM, "worker")
    eventually(lambda: statuses(site) == {"SUCCESSFUL"}, "they are done again")


def test_a_busy_database_is_waited_for(worker: "Popen[str]", site: Path, eventually: Eventually) -> None:
    queue_all_again(site, "READY")
    with closing(sqlite3.connect(site, isolation_level=None, timeout=30)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        assert worker.stdout
        assert "wait for the database" in worker.stdout.readline()
        assert worker.poll() is None
        connection.execute("ROLLBACK")
    eventually(lambda: statuses(site) == {"SUCCESSFUL"}, "the tasks are done afterwards")
    worker.send_signal(signal.SIGTERM)
    printed, _ = worker.communicate(timeout=30)
    assert "Traceback" not in printed
