from dataclasses import replace

import pytest
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from momentum.web import realtime_tasks
from momentum.web.accounts.models import User
from momentum.web.contests.models import Contest
from momentum.web.contests.opening import opening
from momentum.web.jobs import JOBS
from momentum.web.play import actions

from .cast import open_pin, work
from .conftest import browser
from .fake_realtime import FakeRealtime


def waiting() -> int:
    return DBTaskResult.objects.filter(status="READY").count()


def test_who_logs_out_while_realtime_is_down_is_closed_when_it_is_back(
    bob: User, realtime: FakeRealtime, realtime_is_down: None, settings: Settings
) -> None:
    browser(bob).post("/accounts/logout/")
    work()
    assert (realtime.revoked, waiting()) == ([], 1)
    settings.MOMENTUM = replace(settings.MOMENTUM, realtime_service_url=realtime.url)
    work()
    assert (realtime.revoked, waiting()) == ([str(bob.pk)], 0)


@pytest.mark.parametrize("told", [realtime_tasks.revoke, realtime_tasks.end_game])
def test_realtime_is_told_for_two_minutes_and_then_no_more(realtime_is_down: None, told: object) -> None:
    told.enqueue("b")  # type: ignore[attr-defined]
    for _ in realtime_tasks.PAUSES_S:
        work()
        assert waiting() == 1
    work()
    assert waiting() == 0
    assert 100 <= sum(realtime_tasks.PAUSES_S) <= 180


def test_a_game_that_appears_late_is_ended_all_the_same(contest: Contest, realtime: FakeRealtime) -> None:
    pin = open_pin(contest)
    assert pin.game_id
    game = opening(contest, pin.game_id)
    actions.abandon(pin)
    work()
    assert waiting() == 1
    realtime.opened.append(game)
    work()
    assert realtime.ended == [str(pin.game_id)] * 2
    assert waiting() == 0


def test_open_games_of_a_deleted_host_are_ended(
    alice: User, bob: User, contest: Contest, realtime: FakeRealtime, settings: Settings
) -> None:
    pin = open_pin(contest)
    [job] = [job for job in JOBS if job.name == "end_games_of_deleted_hosts"]
    job.run()
    assert realtime.ended == []
    browser(alice).post("/accounts/delete", {"password": "correct horse battery"})
    job.run()
    assert realtime.ended == [str(pin.game_id)]
