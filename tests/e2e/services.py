"""A whole installation as real processes: `momentum serve` on free ports, with a data directory of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from momentum.environment import Environment
from momentum.wiring import probe
from momentum.wiring.services import momentum, realtime_url, web_url

PATIENCE_S = 60.0


class Installation:
    """The processes of `momentum serve` in `folder`; all that they print stands in `<folder>/serve.log`.

    A with-statement starts it and stops it. `settings`: environment variables beyond those of a fresh installation.
    """

    def __init__(self, folder: Path, **settings: str) -> None:
        self.log = folder / "serve.log"
        self.variables = _variables(folder) | settings
        self.environment = Environment.read(self.variables)
        self.web_url = web_url(self.environment)
        self.realtime_url = realtime_url(self.environment)
        self.games_database = self.environment.data_dir / "games.sqlite3"
        self._supervisor: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Installation":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def supervisor(self) -> "subprocess.Popen[bytes]":
        assert self._supervisor is not None, "not started"
        return self._supervisor

    def start(self) -> None:
        """Start everything, or start it again; returns once the site and realtime answer."""
        with self.log.open("ab") as log:
            self._supervisor = subprocess.Popen(
                momentum("serve"), env=self.variables, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        try:
            self.wait_until(self.is_ready, "the site and realtime answer")
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End everything as an operator does; afterwards nothing runs any more."""
        self.supervisor.send_signal(signal.SIGTERM)
        try:
            self.supervisor.wait(timeout=PATIENCE_S)
        finally:
            self.supervisor.kill()

    def is_ready(self) -> bool:
        return probe.is_ready(f"{self.web_url}/readyz") and probe.is_ready(f"{self.realtime_url}/readyz")

    def pids(self) -> dict[str, int]:
        """The process ids of the services that run now, by name: realtime, web, worker."""
        children = Path(f"/proc/{self.supervisor.pid}/task/{self.supervisor.pid}/children")
        commands = {int(pid): _command(int(pid)) for pid in children.read_text().split()}
        return {command[-1]: pid for pid, command in commands.items() if command[-2:-1] == ["momentum"]}

    def kill(self, service: str) -> int:
        """SIGKILL a service, from which the supervisor has to recover; returns the process id it had."""
        pid = self.pids()[service]
        os.kill(pid, signal.SIGKILL)
        return pid

    def wait_until(self, holds: Callable[[], object], expected: str) -> None:
        """Wait until something holds; fails, with what was printed, when it does not for PATIENCE_S seconds."""
        until = time.monotonic() + PATIENCE_S
        while not holds():
            assert time.monotonic() < until, f"{expected}; instead:\n{self.log.read_text()[-4000:]}"
            time.sleep(0.05)


def is_alive(pid: int) -> bool:
    """Whether a process runs: it is there, and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now."""
    with ExitStack() as open_ones:
        sockets = [open_ones.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _variables(folder: Path) -> dict[str, str]:
    web, realtime = free_ports(2)
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    return {
        **kept,
        "MOMENTUM_ENV_FILE": "",
        "MOMENTUM_DATA_DIR": str(folder / "data"),
        "BIND_HOST": "127.0.0.1",
        "WEB_PORT": str(web),
        "REALTIME_PORT": str(realtime),
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }


def _command(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")[:-1]
    except OSError:
        return []
