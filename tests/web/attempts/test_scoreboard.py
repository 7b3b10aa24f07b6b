"""What stands on the board, page by page, then and now."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from momentum.game.ranking import ranked
from momentum.web.accounts.models import User
from momentum.web.attempts import organising, schedule, scoreboard
from momentum.web.attempts.models import Attempt, Participant
from momentum.web.contests.models import Contest

from .cast import GUEST, answer, start
from .conftest import HOUR, NOON, Clock


def fill(contest: Contest, count: int, finished_at: datetime = NOON) -> None:
    """So many participants, each with an attempt that is over; many of them equal."""
    rng = Random(1)
    people = Participant.objects.bulk_create(
        Participant(contest=contest, user_id=f"guest_{n:032x}", username=f"P{n}", name_key=f"p{n}", joined_at=NOON)
        for n in range(count)
    )
    Attempt.objects.bulk_create(
        Attempt(
            contest=contest,
            participant=one,
            user_id=one.user_id,
            username=one.username,
            number=1,
            seed=1,
            question_count=4,
            asked=4,
            started_at=NOON + timedelta(milliseconds=rng.randrange(3)),
            finished_at=finished_at,
            finish_reason="completed",
            score=rng.randrange(4),
            correct_ms=rng.randrange(3),
            counts=True,
        )
        for one in people
    )


@pytest.mark.parametrize("size", [1, 7, 100])
def test_the_pages_are_the_board_of_the_rules(standard: Contest, size: int) -> None:
    fill(standard, 60)
    standing = scoreboard.standing(standard)
    by_the_rules = [(rank, entry.attempt.score) for rank, entry in ranked(map(scoreboard.Entry, standing))]
    pages = [placed for above in range(0, 60, size) for placed in scoreboard.page(standing, above, size)]
    assert [(one.rank, one.attempt.score) for one in pages] == by_the_rules
    assert [one.place for one in pages] == list(range(1, 61))
    assert [scoreboard.place_of(standing, one.attempt) for one in pages] == pages


def test_a_big_board_is_shown_by_few_questions_to_the_database(
    set_up: Callable[..., Contest], as_bob: Client, bob: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    contest = set_up(results_shown="at_once", question_count=1)
    answer(start(contest, bob), right=False)
    fill(contest, 150)
    Attempt.objects.exclude(username="Bob").update(score=5)
    with django_assert_max_num_queries(30):
        page = as_bob.get(f"/dashboard/contest/{contest.pk}/lobby")
    lobby, text = page.context["lobby"], page.content.decode()
    assert (len(lobby.board.rows), lobby.board.total, lobby.board.own.rank) == (25, 151, 151)
    assert 'class="own"><span class="board-rank number">151</span>' in text
    assert "The first 25 of 151." in text


def test_a_frozen_board_keeps_who_had_finished_then_and_nobody_else(
    set_up: Callable[..., Contest], bob: User, charlie: User, clock: Clock
) -> None:
    contest = set_up(scoreboard="frozen", freeze_min=30, results_shown="at_once", question_count=1)
    first = answer(start(contest, bob), right=True)
    answer(start(contest, charlie), right=True)
    organising.allow_attempts(first.participant, 1)
    start(contest, bob)
    then = names(contest, NOON)
    clock.move_to(NOON + HOUR * 0.75)
    answer(start(contest, GUEST), right=True)
    assert then == names(contest, NOON + HOUR * 0.75) == ["Charlie"]
    assert names(contest, NOON + HOUR * 0.75, for_organiser=True) != then


def test_a_frozen_board_keeps_the_best_run_of_then(set_up: Callable[..., Contest], bob: User, clock: Clock) -> None:
    contest = set_up("marathon", scoreboard="frozen", freeze_min=30)
    for rights in (2, 3, 1):
        run(contest, bob, rights)
    best = Attempt.objects.get(counts=True)
    clock.move_to(NOON + HOUR * 0.75)
    run(contest, bob, 6)
    now = NOON + HOUR * 0.75
    frozen, real = scoreboard.board_at(contest, now), scoreboard.board_at(contest, now, for_organiser=True)
    assert frozen and real
    assert [row.score for row in frozen.rows(0, 9)] == [best.score]
    assert real.rows(0, 9)[0].score > best.score


def run(contest: Contest, user: User, rights: int) -> None:
    attempt = start(contest, user)
    for _ in range(rights):
        attempt = answer(attempt, right=True)
    for _ in range(3):
        attempt = answer(attempt, right=False)


def names(contest: Contest, now: datetime, *, for_organiser: bool = False) -> list[str]:
    board = scoreboard.board_at(contest, now, for_organiser=for_organiser)
    assert board
    return [row.name for row in board.rows(0, 100)]


@pytest.mark.parametrize("shown", ["visible", "frozen", "hidden"])
def test_no_places_are_told_while_the_last_attempts_are_being_ended(
    set_up: Callable[..., Contest], bob: User, charlie: User, as_bob: Client, clock: Clock, shown: str
) -> None:
    """Charlie, who is ahead, has not finished when it closes."""
    contest = set_up(scoreboard=shown, results_shown="at_once", question_count=2)
    attempt = start(contest, bob)
    for _ in range(2):
        attempt = answer(attempt, right=False)
    answer(start(contest, charlie), right=True)
    clock.move_to(NOON + HOUR + timedelta(seconds=1))
    page = as_bob.get(f"/dashboard/contest/{contest.pk}/lobby").content.decode()
    assert "You came in at place" not in page
    assert "are being counted" in page
    assert "are being counted" in as_bob.get(f"/dashboard/contest/{contest.pk}/results").content.decode()
    schedule.close_due()
    assert "You came in at place 2" in as_bob.get(f"/dashboard/contest/{contest.pk}/lobby").content.decode()
