from datetime import timedelta

import pytest
from django.test import Client

from momentum.web.accounts.models import User
from momentum.web.attempts import actions, organising, schedule
from momentum.web.attempts.models import Attempt, AttemptAnswer, FrozenQuestion
from momentum.web.contests.models import Contest

from .cast import GUEST, answer, start
from .conftest import HOUR, NOON, Clock


def question(contest: Contest, position: int = 1) -> FrozenQuestion:
    return FrozenQuestion.objects.select_related("contest").get(contest=contest, position=position)


def test_a_voided_question_counts_for_nobody_and_that_is_said(
    standard: Contest, bob: User, as_bob: Client, as_alice: Client
) -> None:
    done, going_on = start(standard, bob), answer(start(standard, GUEST), right=True)
    for _ in range(4):
        done = answer(done, right=True)
    answer_page = as_alice.post(f"/dashboard/contest/{standard.pk}/questions/1/void", follow=True)
    assert "counts for nobody now" in answer_page.content.decode()
    scores = dict(Attempt.objects.values_list("username", "score"))
    assert scores == {"Bob": 3000, "Gina": 0}
    assert Attempt.objects.get(pk=done.pk).correct_count == 3
    assert AttemptAnswer.objects.filter(voided=True).count() == 2
    assert "has voided question 1" in as_bob.get(f"/dashboard/contest/{standard.pk}/lobby").content.decode()
    assert answer(actions.look(going_on.pk), right=True).score == 1000


def test_voiding_twice_is_voiding_once(standard: Contest, bob: User) -> None:
    answer(start(standard, bob), right=True)
    organising.void(question(standard))
    first = question(standard).voided_at
    organising.void(question(standard))
    assert question(standard).voided_at == first


def test_who_answers_a_question_that_was_just_voided_gets_nothing_for_it(
    standard: Contest, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = start(standard, bob)
    store, raced = actions._store, list[bool]()

    def slow_store(*arguments: object) -> bool:
        if not raced:
            raced.append(True)
            organising.void(question(standard))
        return store(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(actions, "_store", slow_store)
    after = answer(attempt, right=True)
    assert (after.score, after.answer_count, AttemptAnswer.objects.get().voided) == (0, 0, True)


def test_no_question_of_a_marathon_is_voided(marathon: Contest) -> None:
    with pytest.raises(organising.NotNow):
        organising.void(question(marathon))


def test_extra_time_counts_at_once_and_in_points_too(standard: Contest, bob: User, clock: Clock) -> None:
    attempt = start(standard, bob)
    organising.give_extra_time(attempt.participant, 100)
    clock.shift(30)
    after = answer(attempt, right=True)
    assert (after.score, after.correct_ms) == (500, 30_000)
    with pytest.raises(organising.BadExtraTime):
        organising.give_extra_time(attempt.participant, 301)


def test_ending_it_now_ends_everybody(standard: Contest, bob: User, clock: Clock) -> None:
    attempt = start(standard, bob)
    clock.shift(7)
    organising.end(standard)
    standard.refresh_from_db()
    attempt.refresh_from_db()
    assert standard.status == "closed"
    assert (attempt.finish_reason, attempt.finished_at) == ("closed", standard.closes_at)
    with pytest.raises(organising.NotNow):
        organising.end(standard)


def test_the_worker_ends_the_attempts_of_a_big_contest(
    standard: Contest, bob: User, charlie: User, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(organising, "ENDED_AT_ONCE", 1)
    attempt = start(standard, bob)
    start(standard, charlie)
    clock.shift(7)
    organising.end(standard)
    assert answer(actions.look(attempt.pk), right=True).finish_reason == "closed"
    clock.shift(60)
    assert schedule.close_due() == 1
    assert not Attempt.objects.filter(finished_at=None).exists()


def test_the_page_moves_the_end(standard: Contest, as_alice: Client) -> None:
    as_alice.post(f"/dashboard/contest/{standard.pk}/closing", {"minutes": "30"})
    standard.refresh_from_db()
    assert standard.closes_at == NOON + 1.5 * HOUR
    assert as_alice.post(f"/dashboard/contest/{standard.pk}/closing", {"minutes": "7"}).status_code == 404


def test_only_what_has_closed_is_archived_and_its_results_stay(
    standard: Contest, bob: User, as_alice: Client, as_bob: Client, clock: Clock
) -> None:
    start(standard, bob)
    with pytest.raises(organising.NotNow):
        organising.archive(standard)
    clock.move_to(NOON + HOUR + timedelta(seconds=1))
    as_alice.post(f"/dashboard/contest/{standard.pk}/archive")
    standard.refresh_from_db()
    assert standard.status == "archived"
    assert as_alice.get("/dashboard/").context["page"].contests == ()
    assert as_bob.get(f"/dashboard/contest/{standard.pk}/lobby").status_code == 200
    assert schedule.close_due() == 0


@pytest.mark.parametrize(
    ("what", "data"),
    [
        ("end", {}), ("closing", {"minutes": "30"}), ("archive", {}), ("questions/1/void", {}),
        ("participants", {"user_id": "x", "extra_percent": "50"}),
    ],
)  # fmt: skip
def test_nobody_else_may(standard: Contest, as_charlie: Client, what: str, data: dict[str, str]) -> None:
    assert as_charlie.post(f"/dashboard/contest/{standard.pk}/{what}", data).status_code == 404


def test_the_page_says_how_far_everybody_is(standard: Contest, bob: User, as_alice: Client) -> None:
    answer(start(standard, bob), right=True)
    page = as_alice.get(f"/dashboard/contest/{standard.pk}/lobby").context["page"].progress
    [row] = page.rows
    assert (page.counts.waiting, page.counts.playing, page.counts.finished) == (0, 1, 0)
    assert (row.name, row.state, row.asked, row.score) == ("Bob", "playing", 2, 1000)
    shown = as_alice.post(
        f"/dashboard/contest/{standard.pk}/participants", {"user_id": str(bob.pk), "extra_percent": "50"}, follow=True
    )
    assert "+50 % time" in shown.content.decode()
