"""Tasks that a worker was doing when it was killed."""

from django.db import transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult


class WorkerDied(Exception):
    """The worker ended while it did this task, as often as it was tried."""


def take_back(worker_id: str, tries: int) -> int:
    """Let the tasks that `worker_id` left undone be done again, `tries` times at most. Returns how many there were.

    A task may so be done twice: its effect must allow that, or it must look first.
    """
    with transaction.atomic():
        left = [task for task in DBTaskResult.objects.running() if task.worker_ids[-1:] == [worker_id]]
        for task in left:
            if len(task.worker_ids) >= tries:
                task.set_failed(WorkerDied(f"{tries} workers ended while they did it"))
            else:
                task.status = TaskResultStatus.READY
                task.save(update_fields=["status"])
    return len(left)
