from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from momentum.web.accounts.models import User
from momentum.web.contests import actions, scheduling
from momentum.web.contests.actions import ContestSettings, create_contest
from momentum.web.contests.models import Contest
from momentum.web.contests.status import Status, status_at
from momentum.web.questions.models import Question

from ..cast import open_pin
from .test_views import FORM, NEW

NOON = datetime(2030, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SetUp = Callable[..., Contest]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def set_up(alice: User, bank: list[Question]) -> SetUp:
    def make(**settings: Any) -> Contest:
        defaults = {"name": "Exam", "contest_type": "standard", "question_count": 4, "closes_at": NOON + 4 * HOUR}
        return create_contest(alice, ContestSettings(**{**defaults, **settings}))

    return make


def drawn(contest: Contest) -> list[str]:
    return list(contest.frozen_questions.order_by("position").values_list("bank_id", flat=True))


def test_scheduling_draws_the_questions_once_and_issues_a_pin(set_up: SetUp) -> None:
    contest = set_up(opens_at=NOON + HOUR)
    first = drawn(contest)
    assert (contest.status, len(set(first)), contest.pins.filter(retired_at=None).count()) == ("scheduled", 4, 1)
    actions.change_contest(contest, name="Another name", closes_at=NOON + 5 * HOUR)
    assert drawn(contest) == first
    actions.change_contest(contest, question_count=5)
    assert len(drawn(contest)) == 5
    assert contest.pins.count() == 1


def test_a_change_of_the_bank_does_not_reach_what_is_scheduled(set_up: SetUp) -> None:
    contest = set_up()
    Question.objects.update(text="Changed?", archived=True)
    assert not contest.frozen_questions.filter(text="Changed?").exists()
    actions.change_contest(contest, name="Same questions")
    assert contest.frozen_questions.count() == 4


def test_a_marathon_freezes_all_that_fit(set_up: SetUp) -> None:
    contest = set_up(contest_type="marathon", categories=["rivers"], question_count=50)
    assert (contest.status, contest.frozen_questions.count()) == ("scheduled", 6)


def test_without_a_closing_time_it_stays_a_draft(set_up: SetUp) -> None:
    contest = set_up(closes_at=None)
    assert (contest.status, contest.pins.exists(), contest.frozen_questions.exists()) == ("draft", False, False)
    actions.change_contest(contest, closes_at=NOON + HOUR)
    assert (contest.status, contest.opens_at) == ("scheduled", NOON)


@pytest.mark.parametrize("contest_type", ["standard", "marathon"])
def test_without_questions_it_stays_a_draft(set_up: SetUp, contest_type: str) -> None:
    Question.objects.update(archived=True)
    assert set_up(contest_type=contest_type).status == "draft"


def test_a_scheduled_contest_that_lacks_something_again_is_a_draft_again(set_up: SetUp) -> None:
    contest = set_up(opens_at=NOON + HOUR)
    actions.change_contest(contest, question_count=50)
    assert (contest.status, contest.frozen_questions.exists()) == ("draft", False)
    assert not contest.pins.filter(retired_at=None).exists()


@pytest.mark.parametrize(
    "dates",
    [
        {"opens_at": NOON + 2 * HOUR, "closes_at": NOON + HOUR},
        {"opens_at": NOON + HOUR, "closes_at": NOON + HOUR},
        {"closes_at": NOON - HOUR},
        {"closes_at": NOON},
    ],
)
def test_bad_dates_are_refused_with_a_sentence(set_up: SetUp, as_alice: Client, dates: dict[str, datetime]) -> None:
    with pytest.raises(scheduling.BadDates, match="clos"):
        set_up(**dates)
    form = {name: value.strftime("%Y-%m-%dT%H:%M") for name, value in dates.items()}
    answer = as_alice.post(NEW, {**FORM, "contest_type": "standard", **form})
    assert answer.status_code == 400
    assert "clos" in str(answer.context["form"].non_field_errors())
    assert not Contest.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"question_count": 3}, {"contest_type": "marathon"}, {"difficulty": "easy"}, {"categories": ("rivers",)},
        {"question_timer_s": 30}, {"timing": "whole"}, {"opens_at": NOON + HOUR},
    ],
)  # fmt: skip
def test_what_is_open_keeps_its_questions_and_times(set_up: SetUp, change: dict[str, Any]) -> None:
    with pytest.raises(scheduling.HasOpened):
        actions.change_contest(set_up(), **change)


def test_the_end_of_what_is_open_moves_and_of_what_has_closed_does_not(
    set_up: SetUp, clock: time_machine.Traveller
) -> None:
    contest = set_up()
    actions.change_contest(contest, closes_at=NOON + HOUR, name="Shorter", scoreboard="hidden")
    with pytest.raises(scheduling.BadDates):
        actions.change_contest(contest, closes_at=NOON - HOUR)
    clock.move_to(NOON + 2 * HOUR)
    with pytest.raises(scheduling.HasClosed):
        actions.change_contest(Contest.objects.get(), closes_at=NOON + 3 * HOUR)
    actions.change_contest(Contest.objects.get(), name="Renamed")
    assert Contest.objects.get().name == "Renamed"


def test_a_contest_that_was_played_live_keeps_its_type(contest: Contest, set_up: SetUp) -> None:
    open_pin(contest)
    with pytest.raises(scheduling.TypeIsFixed):
        actions.change_contest(contest, contest_type="standard", closes_at=NOON + HOUR)


def test_a_scheduled_contest_can_become_a_live_one(set_up: SetUp) -> None:
    contest = set_up(opens_at=NOON + HOUR)
    actions.change_contest(contest, contest_type="quick_fire")
    assert (contest.status, contest.frozen_questions.exists()) == ("ready", False)
    assert not contest.pins.filter(retired_at=None).exists()


def test_an_open_contest_is_ended_before_it_is_deleted(set_up: SetUp, clock: time_machine.Traveller) -> None:
    contest = set_up()
    with pytest.raises(actions.ContestIsOpen):
        actions.delete_contest(contest)
    clock.move_to(NOON + 5 * HOUR)
    actions.delete_contest(contest)
    assert not Contest.objects.exists()


def test_dates_go_by_the_clock_to_the_millisecond(set_up: SetUp) -> None:
    contest = set_up(opens_at=NOON + HOUR, closes_at=NOON + 2 * HOUR)
    moment = timedelta(milliseconds=1)
    found = [
        status_at(contest, NOON + at)
        for at in (HOUR - moment, HOUR, 2 * HOUR, 2 * HOUR + timedelta(microseconds=999), 2 * HOUR + moment)
    ]
    assert found == [Status.SCHEDULED, Status.OPEN, Status.OPEN, Status.OPEN, Status.CLOSED]


@pytest.mark.parametrize(
    "values",
    [
        {"closes_at": None}, {"opens_at": None}, {"closes_at": NOON - HOUR}, {"status": "ready"}, {"max_runs": 0},
        {"contest_type": "quick_fire"}, {"total_time_s": 1}, {"timing": "x"}, {"entry": "x"}, {"scoreboard": "x"},
    ],
)  # fmt: skip
def test_the_database_refuses_a_scheduled_contest_that_makes_no_sense(set_up: SetUp, values: dict[str, Any]) -> None:
    set_up()
    with pytest.raises(IntegrityError), transaction.atomic():
        Contest.objects.update(**values)


@pytest.mark.parametrize(
    ("typed", "zone", "instant"),
    [
        ("2030-10-26T20:00", "Europe/Berlin", datetime(2030, 10, 26, 18, tzinfo=UTC)),
        ("2030-10-27T20:00", "Europe/Berlin", datetime(2030, 10, 27, 19, tzinfo=UTC)),
        ("2030-11-03T09:30", "America/New_York", datetime(2030, 11, 3, 14, 30, tzinfo=UTC)),
        ("2030-11-02T09:30", "America/New_York", datetime(2030, 11, 2, 13, 30, tzinfo=UTC)),
        ("2030-07-01T09:30", "Asia/Kathmandu", datetime(2030, 7, 1, 3, 45, tzinfo=UTC)),
    ],
)
def test_dates_are_read_in_the_browsers_zone_by_the_rules_of_that_day(
    as_alice: Client, bank: list[Question], typed: str, zone: str, instant: datetime
) -> None:
    as_alice.post(NEW, {**FORM, "contest_type": "standard", "closes_at": typed, "time_zone": zone})
    assert Contest.objects.get().closes_at == instant


def test_saving_an_open_contest_unchanged_changes_nothing(
    set_up: SetUp, as_alice: Client, clock: time_machine.Traveller
) -> None:
    clock.move_to(NOON + timedelta(seconds=17))
    contest = set_up()
    shown = as_alice.get(f"/dashboard/contest/{contest.pk}/edit").context["form"]
    values = {field.name: field.value() for field in shown if field.value() not in (None, False, [])}
    values |= {name: values[name].strftime("%Y-%m-%dT%H:%M") for name in ("opens_at", "closes_at")}
    answer = as_alice.post(f"/dashboard/contest/{contest.pk}/edit", {**values, "name": "Renamed"})
    assert answer.status_code == 302
    after = Contest.objects.get()
    assert (after.name, after.opens_at, after.closes_at) == ("Renamed", contest.opens_at, contest.closes_at)
