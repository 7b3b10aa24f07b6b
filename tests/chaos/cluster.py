"""Realtime nodes as real processes: one on SQLite, or several on one PostgreSQL; each may be killed or cut off."""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any
from urllib.parse import parse_qs, urlencode, urlsplit

import psycopg
from tests.e2e.services import free_ports

from momentum.environment import Environment
from momentum.wiring import probe
from momentum.wiring.services import momentum

from .proxy import Proxy

PATIENCE_S = 60.0
ACQUAINTED = 4
"""Heartbeats."""
KEPT_VARIABLES = ("PATH", "HOME", "LANG", "TMPDIR")
Popen = Callable[..., "subprocess.Popen[bytes]"]


class Node:
    """A realtime process, which is started again whenever it ends, as a supervisor does, unless `keep` is false.

    `variables`: its environment. `popen`: how a process is made of a command, for one that is watched. All that it
    prints stands in `log`.
    """

    def __init__(self, variables: dict[str, str], log: Path, popen: Popen = subprocess.Popen) -> None:
        self.variables = variables
        self.port = int(variables["REALTIME_PORT"])
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log
        self.keep = True
        self.starts = 0
        self._popen = popen
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper: threading.Thread | None = None
        self._stopping = False

    @property
    def pid(self) -> int:
        assert self._process is not None, "not started"
        return self._process.pid

    @property
    def stdin(self) -> IO[bytes] | None:
        """Its standard input, where `popen` has made it a pipe."""
        assert self._process is not None, "not started"
        return self._process.stdin

    @property
    def id(self) -> str:
        """Its name in the journal, another one after each start; empty before it has one."""
        note = Path(self.variables["MOMENTUM_DATA_DIR"]) / "realtime.node"
        return note.read_text() if note.exists() else ""

    def start(self) -> None:
        """Start it, and keep it running from now on; does not wait until it answers."""
        self.keep, self._stopping = True, False
        self._start()
        self._keeper = threading.Thread(target=self._keep, name=f"keeper of {self.port}")
        self._keeper.start()

    def stop(self) -> None:
        """End it as an operator does, for good."""
        self._stopping = True
        if self._keeper is None:
            return
        for number in (signal.SIGCONT, signal.SIGTERM):
            self.signal(number)
        self._keeper.join(PATIENCE_S / 2)
        if self._keeper.is_alive():
            self.signal(signal.SIGKILL)
            self._keeper.join()
        self._keeper = None

    def signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)

    def is_ready(self) -> bool:
        return probe.is_ready(f"{self.url}/readyz")

    def printed(self) -> str:
        return self.log.read_text(errors="replace")

    def _start(self) -> None:
        self.starts += 1
        with self.log.open("ab") as log:
            self._process = self._popen(
                momentum("realtime"), env=self.variables, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def _keep(self) -> None:
        while True:
            assert self._process is not None
            self._process.wait()
            if self._stopping or not self.keep:
                return
            self._start()


class Cluster:
    """Nodes, and what they share. A with-statement prepares the database, starts them and stops them.

    `database_url`: a PostgreSQL database that `momentum migrate` has prepared; without one there is a single node on
    SQLite, in a copy of `prepared`, a data directory that it has prepared. `proxied`: each node reaches the database
    through a proxy of its own, in `database_links`. `popens`: how the processes of the nodes are made, one each.
    """

    def __init__(
        self,
        folder: Path,
        *,
        prepared: Path | None = None,
        nodes: int = 1,
        database_url: str = "",
        proxied: bool = False,
        popens: Sequence[Popen] = (),
        **settings: str,
    ) -> None:
        self._folder = folder
        if prepared is not None:
            shutil.copytree(prepared, folder / "data")
        self._database_url = database_url
        self._shared = variables(folder) | ({"DATABASE_URL": database_url} if database_url else {}) | settings
        self._sockets = ExitStack()
        self.database_links = [self._database_link() for _ in range(nodes)] if proxied else []
        ports = free_ports(nodes)
        self.nodes = [
            Node(
                self._variables(place, port),
                folder / f"node{place}.log",
                popens[place] if popens else subprocess.Popen,
            )
            for place, port in enumerate(ports)
        ]
        self.environment = Environment.read(self._shared)
        self.games_database: Path | str = database_url or folder / "data" / "games.sqlite3"

    def __enter__(self) -> "Cluster":
        with ExitStack() as undo:
            undo.push(lambda *_: self.stop())
            for link in self.database_links:
                self._sockets.enter_context(link)
            for node in self.nodes:
                node.start()
            self.wait_until(lambda: all(node.is_ready() for node in self.nodes), "all nodes answer")
            self.wait_until(self._acquainted, "all nodes have heard of each other")
            undo.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def realtime_url(self) -> str:
        """The first node's."""
        return self.nodes[0].url

    def stop(self) -> None:
        for link in self.database_links:
            link.heal()
        for node in self.nodes:
            node.stop()
        self._sockets.close()

    def printed(self) -> str:
        """What all nodes have printed."""
        return "".join(node.printed() for node in self.nodes if node.log.exists())

    def wait_until(self, holds: Callable[[], object], expected: str, patience_s: float = PATIENCE_S) -> None:
        """Wait until something holds; fails, with what was printed, when it does not."""
        until = time.monotonic() + patience_s
        while not holds():
            assert time.monotonic() < until, f"{expected}; instead:\n{self.printed()[-6000:]}"
            time.sleep(0.02)

    def _acquainted(self) -> bool:
        """Whether each node has sent heartbeats since all of them run, and so has read those of the others."""
        if not self._database_url:
            return True
        with psycopg.connect(self._database_url) as database:
            rows = database.execute("SELECT beat FROM node").fetchall()
        return len(rows) == len(self.nodes) and min(beat for (beat,) in rows) >= ACQUAINTED

    def _variables(self, place: int, port: int) -> dict[str, str]:
        own = {"REALTIME_PORT": str(port)}
        if not self._database_url:
            return self._shared | own
        own |= {"NODE_URL": f"http://127.0.0.1:{port}", "MOMENTUM_DATA_DIR": str(self._folder / f"node{place}")}
        if self.database_links:
            own["DATABASE_URL"] = _through(self._database_url, self.database_links[place])
        return self._shared | own

    def _database_link(self) -> Proxy:
        return database_proxy(self._database_url, Path(self._sockets.enter_context(tempfile.TemporaryDirectory("pg"))))


def database_proxy(database_url: str, folder: Path) -> Proxy:
    """A proxy to the PostgreSQL of `database_url`, which listens on a unix socket in `folder`."""
    parts = urlsplit(database_url)
    directory, port = parse_qs(parts.query).get("host", [""])[0], parts.port or 5432
    target = Path(directory) / f".s.PGSQL.{port}" if directory else (parts.hostname or "127.0.0.1", port)
    return Proxy(target, folder / ".s.PGSQL.5432")


def _through(database_url: str, link: Proxy) -> str:
    """The URL of the same database, by way of the proxy."""
    parts = urlsplit(database_url)
    name = f"{parts.username}:{parts.password}" if parts.password else parts.username
    return parts._replace(netloc=f"{name}@", query=urlencode({"host": link.folder})).geturl()


def variables(folder: Path) -> dict[str, str]:
    """The environment of a fresh installation, whose data is in `<folder>/data`."""
    kept: dict[str, Any] = {name: value for name, value in os.environ.items() if name in KEPT_VARIABLES}
    (web,) = free_ports(1)
    return {
        **kept,
        "MOMENTUM_ENV_FILE": "",
        "MOMENTUM_DATA_DIR": str(folder / "data"),
        "JWT_SECRET": secrets.token_hex(32),
        "BIND_HOST": "127.0.0.1",
        "WEB_PORT": str(web),
        "REALTIME_PORT": "1",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }


def migrate(environment: dict[str, str]) -> None:
    """Prepare the databases of an installation."""
    migrating = subprocess.run(momentum("migrate"), env=environment, capture_output=True, text=True)
    assert migrating.returncode == 0, migrating.stderr
