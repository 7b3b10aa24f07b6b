"""Real processes, each test with ports and a data directory of its own."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from momentum.environment import Environment

PATIENCE_S = 30.0
MOMENTUM = ("-P", "-m", "momentum")


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, str]:
    """The environment variables of an installation on free ports."""
    with ExitStack() as open_ones:
        sockets = [open_ones.enter_context(socket.socket()) for _ in range(2)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        web, realtime = (str(one.getsockname()[1]) for one in sockets)
    return {
        **os.environ,
        "MOMENTUM_ENV_FILE": "",
        "MOMENTUM_DATA_DIR": str(tmp_path / "data"),
        "BIND_HOST": "127.0.0.1",
        "WEB_PORT": web,
        "REALTIME_PORT": realtime,
        "REALTIME_SERVICE_URL": "",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }


@pytest.fixture
def environment(variables: dict[str, str]) -> Environment:
    return Environment.read(variables)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory whose databases are prepared."""
    folder = tmp_path_factory.mktemp("prepared")
    variables = {**os.environ, "MOMENTUM_ENV_FILE": "", "MOMENTUM_DATA_DIR": str(folder)}
    subprocess.run([sys.executable, *MOMENTUM, "migrate"], env=variables, check=True, capture_output=True)
    return folder


@pytest.fixture
def start(variables: dict[str, str]) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Starts Python with these arguments in that installation; whatever is left of it at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def start_python(*arguments: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, *arguments],
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield start_python
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def eventually() -> Callable[[Callable[[], object], str], None]:
    """Waits until something holds; fails with what was expected when it does not for PATIENCE_S seconds."""

    def wait_until(holds: Callable[[], object], expected: str) -> None:
        until = time.monotonic() + PATIENCE_S
        while not holds():
            assert time.monotonic() < until, expected
            time.sleep(0.02)

    return wait_until


@pytest.fixture
def momentum(start: Callable[..., "subprocess.Popen[str]"]) -> Callable[..., str]:
    """Runs a command in that installation, which must end with `code`; returns what it says."""

    def run(*arguments: str, code: int = 0) -> str:
        process = start("-m", "momentum", *arguments)
        said, _ = process.communicate(timeout=90)
        assert process.returncode == code, said
        assert "Traceback" not in said
        return said

    return run


@pytest.fixture(scope="session")
def lived_in_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with accounts, contests, a game that was played and one that is open."""
    data_dir = tmp_path_factory.mktemp("lived-in") / "data"
    variables = {**os.environ, "MOMENTUM_ENV_FILE": "", "MOMENTUM_DATA_DIR": str(data_dir)}
    variables["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    for module in (("momentum", "migrate"), ("tests.wiring.lived_in",)):
        subprocess.run([sys.executable, "-m", *module], env=variables, check=True, stdout=subprocess.DEVNULL)
    return data_dir


@pytest.fixture
def lived_in(lived_in_data: Path, environment: Environment) -> None:
    """That installation has such data."""
    shutil.copytree(lived_in_data, environment.data_dir, dirs_exist_ok=True)
