"""The supervisor over real processes: small stand-ins for the services, started by the same code."""

import os
import signal
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from subprocess import Popen

import pytest

from momentum.environment import Environment
from momentum.wiring.instance import only_one

Start = Callable[..., "Popen[str]"]
Eventually = Callable[[Callable[[], object], str], None]

# Supervises services whose sources follow, as `name=source`. Each writes its process ids into a file of its name.
SUPERVISE = """
import asyncio, sys
from pathlib import Path
from momentum.wiring.output import Output
from momentum.wiring.services import Service
from momentum.wiring.supervisor import Supervisor

FIRST = '''
import os, sys, time, signal
from momentum.wiring import lifeline
lifeline.follow_supervisor(os.environ)
with open(sys.argv[1], "a") as pids:
    pids.write(f"{os.getpid()}\\\\n")
print("up", flush=True)
'''
folder, prepare, *sources = sys.argv[1:]
output = Output(sys.stdout)
services = []
for source in sources:
    name, _, code = source.partition("=")
    services.append(Service(name, (sys.executable, "-c", FIRST + code, str(Path(folder, name)))))
code = asyncio.run(Supervisor(services, output).run((sys.executable, "-c", prepare), "all are ready"))
output.close()
sys.exit(code)
"""
SLEEPS = "time.sleep(300)"
IS_DEAF = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(300)"
IS_BLOCKED = "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])\nsignal.sigwait([signal.SIGUSR1])"


class Supervised:
    """A supervisor that was started, and the process ids of its services so far."""

    def __init__(self, process: "Popen[str]", folder: Path) -> None:
        self.process = process
        self.folder = folder

    def pids(self, name: str) -> list[int]:
        """Complete lines only: the last one may be in the middle of being written."""
        path = self.folder / name
        return [int(line) for line in path.read_text().split("\n")[:-1]] if path.exists() else []

    def stop(self) -> str:
        """End it as an operator does; returns all that was printed."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.communicate(timeout=60)[0]


@pytest.fixture
def supervise(start: Start, tmp_path: Path) -> Callable[..., Supervised]:
    def start_supervisor(prepare: str = "", **sources: str) -> Supervised:
        services = [f"{name}={source}" for name, source in sources.items()]
        return Supervised(start("-c", SUPERVISE, str(tmp_path), prepare, *services), tmp_path)

    return start_supervisor


def is_alive(pid: int) -> bool:
    with suppress(ProcessLookupError, FileNotFoundError):
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def test_every_service_is_a_process_of_its_own_and_its_lines_are_shown(
    supervise: Callable[..., Supervised], eventually: Eventually
) -> None:
    supervised = supervise(one=SLEEPS, two=SLEEPS)
    eventually(lambda: supervised.pids("one") and supervised.pids("two"), "both services start")
    printed = supervised.stop()
    assert supervised.process.returncode == 0
    assert "one      | up" in printed
    assert "two      | up" in printed
    assert "all are ready" in printed


def test_a_killed_service_is_started_again_and_the_others_go_on(
    supervise: Callable[..., Supervised], eventually: Eventually
) -> None:
    supervised = supervise(one=SLEEPS, two=SLEEPS)
    eventually(lambda: supervised.pids("one") and supervised.pids("two"), "both services start")
    os.kill(supervised.pids("one")[0], signal.SIGKILL)
    eventually(lambda: len(supervised.pids("one")) == 2, "the killed service starts again")
    printed = supervised.stop()
    assert len(supervised.pids("two")) == 1
    assert "one was ended by SIGKILL; it is started again at once" in printed


def test_a_service_that_ends_by_itself_is_started_again_after_a_growing_pause(
    supervise: Callable[..., Supervised], eventually: Eventually
) -> None:
    supervised = supervise(one="sys.exit(3)")
    eventually(lambda: len(supervised.pids("one")) == 4, "the service is started again and again")
    printed = supervised.stop()
    assert "one ended with exit code 3; it is started again at once" in printed
    assert "started again in 0.2 s" in printed
    assert "started again in 0.4 s" in printed


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_services_and_then_the_supervisor(
    supervise: Callable[..., Supervised], eventually: Eventually, number: signal.Signals
) -> None:
    supervised = supervise(one=SLEEPS, two=SLEEPS)
    eventually(lambda: supervised.pids("one") and supervised.pids("two"), "both services start")
    supervised.process.send_signal(number)
    supervised.process.communicate(timeout=60)
    assert supervised.process.returncode == 0
    assert not any(map(is_alive, [*supervised.pids("one"), *supervised.pids("two")]))


def test_a_second_signal_kills_what_does_not_end(supervise: Callable[..., Supervised], eventually: Eventually) -> None:
    supervised = supervise(deaf=IS_DEAF)
    eventually(lambda: supervised.pids("deaf"), "the service starts")
    pid = supervised.pids("deaf")[0]
    eventually(lambda: int(status(pid, "SigIgn"), 16) & 1 << signal.SIGTERM - 1, "the service ignores SIGTERM")
    supervised.process.send_signal(signal.SIGTERM)
    assert supervised.process.stdout
    for line in supervised.process.stdout:
        if "stopping" in line:
            break
    supervised.process.send_signal(signal.SIGTERM)
    assert supervised.process.wait(timeout=60) == 0
    assert not is_alive(pid)


def status(pid: int, field: str) -> str:
    lines = dict(line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line)
    return lines[field]


@pytest.mark.parametrize("source", [SLEEPS, IS_DEAF, IS_BLOCKED])
def test_services_end_with_a_supervisor_that_is_killed(
    supervise: Callable[..., Supervised], eventually: Eventually, source: str
) -> None:
    supervised = supervise(one=source, two=source)
    eventually(lambda: supervised.pids("one") and supervised.pids("two"), "both services start")
    supervised.process.kill()
    supervised.process.wait()
    pids = [*supervised.pids("one"), *supervised.pids("two")]
    eventually(lambda: not any(map(is_alive, pids)), "no service outlives its supervisor")


def test_nothing_starts_when_the_preparation_fails(supervise: Callable[..., Supervised]) -> None:
    supervised = supervise(prepare="import sys; sys.exit('the database is from a newer Momentum')", one=SLEEPS)
    printed = supervised.process.communicate(timeout=60)[0]
    assert supervised.process.returncode == 1
    assert "the database is from a newer Momentum" in printed
    assert supervised.pids("one") == []


def test_a_signal_during_the_preparation_ends_it(
    supervise: Callable[..., Supervised], eventually: Eventually, tmp_path: Path
) -> None:
    begun = tmp_path / "begun"
    prepare = f"import pathlib, time; pathlib.Path({str(begun)!r}).touch(); time.sleep(300)"
    supervised = supervise(prepare=prepare, one=SLEEPS)
    eventually(begun.exists, "the preparation begins")
    supervised.stop()
    assert supervised.process.returncode == 0
    assert supervised.pids("one") == []


def test_serve_says_which_port_is_taken_and_which_setting_changes_it(start: Start, environment: Environment) -> None:
    with socket.create_server(("127.0.0.1", environment.web_port)):
        refused = start("-P", "-m", "momentum", "serve")
        printed = refused.communicate(timeout=60)[0]
    assert refused.returncode == 1
    assert printed == (
        f"momentum: Port {environment.web_port} is taken by another program: "
        "stop that program, or set WEB_PORT to a free port.\n"
    )


def test_a_second_serve_refuses_with_a_sentence(start: Start, environment: Environment) -> None:
    with only_one(environment.data_dir):
        refused = start("-P", "-m", "momentum", "serve")
        printed = refused.communicate(timeout=60)[0]
    assert refused.returncode == 1
    assert printed.startswith(f"momentum: Momentum already runs on {environment.data_dir} (process {os.getpid()})")


def test_serve_refuses_a_database_from_newer_code(start: Start, environment: Environment) -> None:
    assert start("-P", "-m", "momentum", "migrate").wait(timeout=100) == 0
    with closing(sqlite3.connect(environment.data_dir / "games.sqlite3")) as games, games:
        games.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('games', '9999_later', '2030-01-01')")
    refused = start("-P", "-m", "momentum", "serve")
    printed = refused.communicate(timeout=100)[0]
    assert refused.returncode == 1
    assert "momentum: The database is from a newer Momentum (games.9999_later is not known here)" in printed
