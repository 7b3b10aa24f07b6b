"""The worker's process: drains the task queue, keeps the timetable of jobs, sends mails and webhooks."""

import fcntl
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from momentum.environment import Environment
from momentum.wiring.django_setup import set_up_django
from momentum.wiring.logs import set_up_logs

FINISH_WITHIN_S = 8.0
"""Less than the supervisor waits before it kills."""


def run(environment: Environment) -> int:
    """Work until SIGTERM or SIGINT; the task that is being done then is finished."""
    set_up_django()
    set_up_logs(environment)
    from django.db import connections

    from momentum.wiring import deliveries, draining, jobs, mailing, schema

    schema.require_current()
    with Place.take(environment.data_dir) as place:
        loops = (jobs.queue_forever, deliveries.lane(place.worker_id), *mailing.lanes(place.worker_id))
        with beside(*loops):
            try:
                draining.drain(place.worker_id)
            finally:
                connections.close_all()  # the signal may have come in a transaction, and the loops still have to write
    return 0


@contextmanager
def beside(*loops: Callable[[threading.Event], None]) -> Iterator[None]:
    """Run each loop in a thread of its own; at the end let it finish what it has begun, for FINISH_WITHIN_S."""
    stop = threading.Event()
    threads = [threading.Thread(target=loop, args=(stop,), name=loop.__name__, daemon=True) for loop in loops]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        until = time.monotonic() + FINISH_WITHIN_S
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))


class Place:
    """A numbered place among the workers of a data directory; only one process holds it, until it ends.

    Who takes a place knows that its earlier holder is gone, and that what that one was doing is left undone.
    """

    def __init__(self, file: TextIO, worker_id: str) -> None:
        self._file = file
        self.worker_id = worker_id

    @classmethod
    def take(cls, data_dir: Path) -> "Place":
        """The first free place."""
        number = 0
        while not (file := _locked(data_dir / f"worker-{number}.lock")):
            number += 1
        return cls(file, f"{socket.gethostname()[:40]}-{number}")

    def __enter__(self) -> "Place":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _locked(path: Path) -> TextIO | None:
    """The file, locked; None when another worker has it."""
    file = path.open("a")
    for pause_s in (0.0, 0.1):  # `momentum status` looks by locking for an instant; that is no worker
        time.sleep(pause_s)
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return file
    file.close()
    return None
