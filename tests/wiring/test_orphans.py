"""Tasks whose worker was killed."""

import pytest
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from momentum.wiring.jobs import run_job
from momentum.wiring.orphans import take_back

pytestmark = pytest.mark.django_db


def running(*worker_ids: str) -> "DBTaskResult[..., None]":
    return DBTaskResult.objects.create(
        status=TaskResultStatus.RUNNING,
        started_at=timezone.now(),
        args_kwargs={"args": ["retire_pins"], "kwargs": {}},
        task_path=run_job.module_path,
        backend_name="default",
        run_after=get_date_max(),
        worker_ids=list(worker_ids),
    )


def test_what_a_killed_worker_was_doing_is_done_again() -> None:
    task = running("here-0")
    assert take_back("here-0", tries=3) == 1
    task.refresh_from_db()
    assert task.status == TaskResultStatus.READY
    assert list(DBTaskResult.objects.ready()) == [task]


def test_what_another_worker_does_is_left_alone() -> None:
    task = running("here-0", "here-1")
    assert take_back("here-0", tries=3) == 0
    task.refresh_from_db()
    assert task.status == TaskResultStatus.RUNNING


def test_a_task_that_ended_every_worker_is_given_up() -> None:
    task = running("here-1", "here-0", "here-0")
    take_back("here-0", tries=3)
    task.refresh_from_db()
    assert task.status == TaskResultStatus.FAILED
    assert "WorkerDied" in task.exception_class_path
