"""Periodic jobs: once per period, once at a time, however many workers look."""

from datetime import UTC, datetime, timedelta

import pytest
from django_tasks import TaskResultStatus

from momentum.web.jobs import JOBS, Job
from momentum.wiring import jobs
from momentum.wiring.jobs import Timetable

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
JOB = Job("count_sheep", 60, lambda: None)


def test_a_job_is_queued_once_per_period() -> None:
    timetable = Timetable([JOB])
    assert [timetable.queue_due(NOON + timedelta(seconds=passed)) for passed in (0, 1, 59)] == [1, 0, 0]


def test_a_second_worker_queues_nothing_in_the_same_period() -> None:
    assert Timetable([JOB]).queue_due(NOON) == 1
    jobs.runs(JOB).update(status=TaskResultStatus.SUCCESSFUL)
    assert Timetable([JOB]).queue_due(NOON + timedelta(seconds=30)) == 0


def test_the_primary_key_lets_only_the_first_of_two_workers_in() -> None:
    assert jobs.queue_run(JOB, 7)
    assert not jobs.queue_run(JOB, 7)


def test_the_next_period_queues_it_again() -> None:
    timetable = Timetable([JOB])
    timetable.queue_due(NOON)
    jobs.runs(JOB).update(status=TaskResultStatus.SUCCESSFUL)
    assert timetable.queue_due(NOON + timedelta(seconds=60)) == 1


@pytest.mark.parametrize("status", [TaskResultStatus.READY, TaskResultStatus.RUNNING])
def test_a_job_that_is_not_finished_is_not_queued_again(status: str) -> None:
    timetable = Timetable([JOB])
    timetable.queue_due(NOON)
    jobs.runs(JOB).update(status=status, started_at=NOON)
    assert timetable.queue_due(NOON + timedelta(seconds=60)) == 0


def test_a_run_whose_worker_died_long_ago_is_in_nobodys_way() -> None:
    timetable = Timetable([JOB])
    timetable.queue_due(NOON)
    jobs.runs(JOB).update(status=TaskResultStatus.RUNNING, started_at=NOON)
    assert timetable.queue_due(NOON + jobs.GIVEN_UP_AFTER + timedelta(seconds=60)) == 1


def test_jobs_do_not_wait_for_each_other() -> None:
    other = Job("count_goats", 60, lambda: None)
    assert Timetable([JOB, other]).queue_due(NOON) == 2


def test_what_was_queued_is_what_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []
    job = Job("count_sheep", 60, lambda: counted.append("sheep"))
    monkeypatch.setattr(jobs, "JOBS", (job,))
    Timetable([job]).queue_due(NOON)
    queued = jobs.runs(job).get()
    queued.task.call(*queued.args_kwargs["args"], **queued.args_kwargs["kwargs"])
    assert counted == ["sheep"]


def test_every_job_of_the_site_has_a_name_of_its_own() -> None:
    assert len({job.name for job in JOBS}) == len(JOBS)
