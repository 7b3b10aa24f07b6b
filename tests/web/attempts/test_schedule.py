from collections.abc import Callable

import pytest

from momentum.web.accounts.models import User
from momentum.web.attempts import schedule
from momentum.web.attempts.models import Attempt
from momentum.web.contests.models import Contest
from momentum.web.webhooks import actions as webhooks
from momentum.web.webhooks.models import Delivery

from .cast import answer, start
from .conftest import HOUR, NOON, Clock


def test_a_contest_opens_and_closes_once(set_up: Callable[..., Contest], clock: Clock) -> None:
    contest = set_up(opens_at=NOON + HOUR, closes_at=NOON + 2 * HOUR)
    seen: list[object] = []
    for hours in (0.5, 1, 1.5, 2, 2.5):
        clock.move_to(NOON + hours * HOUR)
        seen.append((schedule.open_due(), schedule.open_due(), schedule.close_due(), schedule.close_due()))
        contest.refresh_from_db()
        seen.append(contest.status)
    assert seen == [
        (0, 0, 0, 0), "scheduled", (1, 0, 0, 0), "open", (0, 0, 0, 0), "open", (0, 0, 0, 0), "open", (0, 0, 1, 0),
        "closed",
    ]  # fmt: skip


def test_the_closing_is_announced_once(standard: Contest, alice: User, clock: Clock) -> None:
    webhooks.create_endpoint(alice, "https://a.example/", ["contest.closed"])
    clock.move_to(NOON + 2 * HOUR)
    for _ in range(2):
        schedule.close_due()
    [told] = Delivery.objects.all()
    assert told.event_type == "contest.closed"


def test_a_worker_that_slept_through_everything_closes_it_right_away(
    set_up: Callable[..., Contest], clock: Clock
) -> None:
    contest = set_up(opens_at=NOON + HOUR / 2)
    clock.move_to(NOON + 5 * HOUR)
    assert schedule.close_due() == 1
    contest.refresh_from_db()
    assert contest.status == "closed"
    assert schedule.open_due() == 0


def test_closing_ends_every_attempt_at_the_closing(standard: Contest, bob: User, charlie: User, clock: Clock) -> None:
    answer(start(standard, bob), right=True)
    clock.move_to(NOON + HOUR)
    start(standard, charlie)
    clock.move_to(NOON + 3 * HOUR)
    schedule.close_due()
    rows = {row.username: row for row in Attempt.objects.all()}
    assert (rows["Bob"].finished_at, rows["Bob"].finish_reason, rows["Bob"].misses) == (NOON + HOUR, "closed", 1)
    assert (rows["Charlie"].finished_at, rows["Charlie"].answers.get().choice) == (NOON + HOUR, None)


def test_an_attempt_that_begins_while_its_contest_is_being_closed_is_ended_too(
    standard: Contest, bob: User, clock: Clock
) -> None:
    attempt = start(standard, bob)
    Contest.objects.update(status="closed", closes_at=NOON + HOUR)
    clock.move_to(NOON + 2 * HOUR)
    assert schedule.end_attempts() == 1
    attempt.refresh_from_db()
    assert attempt.finished_at == NOON + HOUR


def test_attempts_whose_time_is_over_come_onto_the_board_before_the_closing(
    set_up: Callable[..., Contest], bob: User, charlie: User, clock: Clock
) -> None:
    contest = set_up(timing="both", total_time_s=60)
    schedule.open_due()
    start(contest, bob)
    clock.shift(50)
    start(contest, charlie)
    clock.shift(11)
    assert schedule.end_attempts() == 1
    assert schedule.end_attempts() == 0
    ended = Attempt.objects.get(finished_at__isnull=False)
    assert (ended.username, ended.finish_reason) == ("Bob", "time_up")


def test_a_contest_that_cannot_be_closed_keeps_no_other_open(
    set_up: Callable[..., Contest], bob: User, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    broken, whole = set_up(), set_up()
    start(broken, bob)
    broken.frozen_questions.all().delete()
    clock.move_to(NOON + 2 * HOUR)
    assert schedule.close_due() == 1
    whole.refresh_from_db()
    assert whole.status == "closed"
    assert str(broken.pk) in caplog.text
