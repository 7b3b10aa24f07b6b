"""An installation's workers as real processes, which send mails and are killed."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from .postmaster import Postmaster

MOMENTUM = (sys.executable, "-P", "-m", "momentum")
POST = """
from django.db import transaction
from momentum.web.mail import outbox
from momentum.web.mail.models import Priority
def post(number):
    outbox.post("test", f"player{{number}}@example.org", "Hello", "There", priority=Priority.ORGANISER)
with transaction.atomic():
    for number in range({count}):
        post(number)
"""


class Workers:
    """Workers on a fresh data directory that send to `server`. `settings`: further environment variables."""

    def __init__(self, folder: Path, server: Postmaster, *, per_second: int, **settings: str) -> None:
        self._database = folder / "site.sqlite3"
        self._variables = {
            **os.environ,
            "MOMENTUM_ENV_FILE": "",
            "MOMENTUM_DATA_DIR": str(folder),
            "DATABASE_URL": "",
            "EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
            "EMAIL_FROM": "Quiz <quiz@example.org>",
            "EMAIL_PER_SECOND": str(per_second),
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            **settings,
        }
        self._running: list[subprocess.Popen[bytes]] = []
        self._log = (folder / "workers.log").open("ab")
        self.run("migrate")

    def run(self, *arguments: str) -> None:
        subprocess.run([*MOMENTUM, *arguments], env=self._variables, check=True, stdout=subprocess.DEVNULL)

    def post(self, count: int) -> None:
        """Put so many mails of organisers into the outbox."""
        self.shell(
            f"from django.db import transaction\nwith transaction.atomic():\n    exec({POST.format(count=count)!r})"
        )

    def shell(self, code: str) -> None:
        """Run Python in the site's settings."""
        self.run("manage", "shell", "-c", code)

    def start(self) -> "subprocess.Popen[bytes]":
        worker = subprocess.Popen([*MOMENTUM, "worker"], env=self._variables, stdout=self._log, stderr=self._log)
        self._running.append(worker)
        return worker

    def mails(self) -> list[tuple[str, str, str]]:
        """Message-ID, recipient and status of each."""
        with closing(sqlite3.connect(self._database, timeout=30)) as connection:
            return connection.execute('SELECT message_id, "to", status FROM mail_mail').fetchall()

    def all_are_sent(self) -> bool:
        return {status for _message_id, _to, status in self.mails()} == {"sent"}

    def close(self) -> None:
        for worker in self._running:
            worker.kill()
            worker.wait()
        self._log.close()


def wait_until(holds: Callable[[], object], expected: str, patience_s: float = 60.0) -> None:
    until = time.monotonic() + patience_s
    while not holds():
        assert time.monotonic() < until, expected
        time.sleep(0.02)
