"""The task queue, drained. Needs Django to be set up."""

import logging
import time

from django.db import DatabaseError, close_old_connections
from django_tasks_db.management.commands.db_worker import Worker

from momentum.wiring import orphans

LOOK_EVERY_S = 0.5
TRIES = 3

log = logging.getLogger(__name__)


def drain(worker_id: str) -> None:
    """Do the tasks of the queue, one after the other, until SIGTERM or SIGINT; the task at hand is finished.

    A database that is busy or away is waited for; what it interrupted is done again. `worker_id` is this process alone.
    """
    logging.getLogger("django_tasks_db").setLevel(logging.ERROR)  # a clean stop is no warning
    worker = Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=LOOK_EVERY_S,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=worker_id,
    )
    worker.configure_signals()
    while worker.running:
        try:
            orphans.take_back(worker_id, tries=TRIES)
            worker.run()
        except DatabaseError as error:
            log.warning("Tasks wait for the database (%s)", error)
            close_old_connections()
            time.sleep(LOOK_EVERY_S)
