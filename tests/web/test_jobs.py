from datetime import timedelta

from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from momentum.web import realtime_tasks
from momentum.web.accounts.models import User
from momentum.web.contests.models import Contest
from momentum.web.jobs import JOBS
from momentum.web.mail import messages
from momentum.web.mail.models import Mail
from momentum.web.play.models import Pin, PinMiss

from .cast import end_game, open_pin


def run(name: str) -> None:
    [job] = [job for job in JOBS if job.name == name]
    job.run()


def test_every_job_has_a_name_of_its_own_and_runs_on_an_empty_site() -> None:
    assert len({job.name for job in JOBS}) == len(JOBS)
    for job in JOBS:
        assert job.every_s >= 15
        job.run()
        job.run()


def test_pins_of_ended_games_are_retired(contest: Contest, bob: User) -> None:
    end_game(open_pin(contest), bob)
    run("retire_pins")
    assert Pin.objects.get().retired_at is not None


def test_expired_sessions_go_and_others_stay(as_bob: Client, as_alice: Client) -> None:
    Session.objects.filter(pk=as_bob.session.session_key).update(expire_date=timezone.now() - timedelta(days=1))
    run("clear_sessions")
    assert [session.pk for session in Session.objects.all()] == [as_alice.session.session_key]


def test_old_misses_are_forgotten_and_new_ones_are_not(anyone: Client) -> None:
    anyone.get("/join/999999")
    PinMiss.objects.create(caller="address 1.2.3.4", minute=timezone.now() - timedelta(hours=2), count=1)
    run("forget_pin_misses")
    assert [miss.caller for miss in PinMiss.objects.all()] == ["address 127.0.0.1"]


def test_mails_that_were_sent_long_ago_are_forgotten() -> None:
    for to in ("b@example.org", "c@example.org"):
        messages.unknown_account(to, site_url="https://q.example", signup_url="https://q.example")
    long_ago = timezone.now() - timedelta(days=8)
    Mail.objects.filter(to="b@example.org").update(status="sent", finished_at=long_ago)
    run("forget_old_mails")
    assert [mail.to for mail in Mail.objects.all()] == ["c@example.org"]


def test_tasks_that_were_done_long_ago_are_forgotten() -> None:
    for user in ("one", "two"):
        realtime_tasks.revoke.enqueue(user)
    old, waiting = DBTaskResult.objects.order_by("enqueued_at")
    DBTaskResult.objects.filter(pk=old.pk).update(status="SUCCESSFUL", finished_at=timezone.now() - timedelta(days=2))
    run("prune_task_results")
    assert [task.pk for task in DBTaskResult.objects.all()] == [waiting.pk]
