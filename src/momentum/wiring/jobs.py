"""Periodic jobs: the site names them, the task queue runs them, each once per period and once at a time.

Time is cut into periods of `every_s` seconds. Whoever notices first that a job is due puts it into the queue, under
an id made from its name and the period: the primary key lets only the first one in, however many workers there are.
While a run is queued or going on, the next one is not queued.
"""

import logging
import threading
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import DatabaseError, IntegrityError, close_old_connections, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult, get_date_max

from momentum.web.jobs import JOBS, Job

RUNS = uuid.UUID("6f6c3c9e-52f3-4c53-9d0e-8a0f6e7a4b1d")
GIVEN_UP_AFTER = timedelta(minutes=15)
LOOK_EVERY_S = 1.0

log = logging.getLogger(__name__)


@task()
def run_job(name: str) -> None:
    """Run the job of that name."""
    next(job for job in JOBS if job.name == name).run()


class Timetable:
    """Queues the jobs as they become due. Asks the database only when a period begins."""

    def __init__(self, jobs: Sequence[Job] = JOBS) -> None:
        self._jobs = jobs
        self._seen: dict[str, int] = {}

    def queue_due(self, at: datetime) -> int:
        """Queue what is due at `at`; returns how many runs were queued."""
        return sum(self._queue(job, at) for job in self._jobs)

    def _queue(self, job: Job, at: datetime) -> bool:
        period = int(at.timestamp() // job.every_s)
        if self._seen.get(job.name) == period:
            return False
        queued = not is_unfinished(job, at) and queue_run(job, period)
        self._seen[job.name] = period
        return queued


def runs(job: Job) -> QuerySet[DBTaskResult[..., None]]:
    """The runs of `job` that the queue knows of."""
    return DBTaskResult.objects.filter(task_path=run_job.module_path, args_kwargs=_arguments(job))


def is_unfinished(job: Job, at: datetime) -> bool:
    """Whether a run waits or goes on. A run that began long ago died with its worker."""
    going_on = Q(status=TaskResultStatus.RUNNING, started_at__gt=at - GIVEN_UP_AFTER)
    return runs(job).filter(going_on | Q(status=TaskResultStatus.READY)).exists()


def queue_run(job: Job, period: int) -> bool:
    """Queue the run of `job` for `period`; False when it is or was in the queue."""
    try:
        with transaction.atomic():
            DBTaskResult.objects.create(
                id=uuid.uuid5(RUNS, f"{job.name} {job.every_s} {period}"),
                args_kwargs=_arguments(job),
                priority=run_job.priority,
                task_path=run_job.module_path,
                queue_name=run_job.queue_name,
                backend_name=run_job.backend,
                run_after=get_date_max(),  # as the queue itself writes "at once"
            )
    except IntegrityError:
        return False
    return True


def queue_forever(stop: threading.Event) -> None:
    """Queue jobs as they become due, until `stop`. A database that is busy or away is waited for."""
    timetable = Timetable()
    while not stop.wait(LOOK_EVERY_S):
        try:
            close_old_connections()
            timetable.queue_due(timezone.now())
        except DatabaseError as error:
            log.warning("Periodic jobs wait for the database (%s)", error)


def _arguments(job: Job) -> dict[str, object]:
    return {"args": [job.name], "kwargs": {}}
