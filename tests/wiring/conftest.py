"""Real processes, each test with ports and a data directory of its own."""

import os
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
