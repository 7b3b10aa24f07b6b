from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from momentum.game.attempt import Verdict
from momentum.web.accounts.models import User
from momentum.web.attempts import actions, organising, rules
from momentum.web.attempts.models import Attempt, AttemptAnswer
from momentum.web.attempts.refusals import Closed, NoAttemptLeft, NotOpenYet, OrganiserMayNotPlay
from momentum.web.contests.models import Contest

from .cast import GUEST, answer, shown, start
from .conftest import HOUR, NOON, Clock


def test_starting_opens_the_first_question_and_twice_is_one_attempt(standard: Contest, bob: User) -> None:
    first = start(standard, bob)
    assert (first.number, first.asked, first.opened_at, first.question_count) == (1, 1, NOON, 4)
    assert start(standard, bob).pk == first.pk


def test_everybody_is_asked_the_same_with_options_in_an_order_of_their_own(
    standard: Contest, bob: User, charlie: User
) -> None:
    attempts = [start(standard, who) for who in (bob, charlie, GUEST)]
    for position in range(1, 5):
        assert len({rules.question_at(attempt, position).pk for attempt in attempts}) == 1
    orders = {tuple(tuple(rules.options_shown(one, n)) for n in range(1, 5)) for one in attempts}
    assert len(orders) == 3


def test_an_answer_is_kept_with_what_it_was_worth(standard: Contest, bob: User, clock: Clock) -> None:
    attempt = start(standard, bob)
    clock.shift(4.5)
    attempt = answer(attempt, right=True)
    kept = AttemptAnswer.objects.get()
    assert (kept.correct, kept.points, kept.t_ms, kept.choice) == (True, 850, 4500, kept.question.correct)
    assert (attempt.score, attempt.correct_count, attempt.correct_ms) == (850, 1, 4500)
    assert (attempt.asked, attempt.opened_at) == (2, NOON + timedelta(seconds=4.5))


def test_the_first_answer_stands(standard: Contest, bob: User) -> None:
    attempt = start(standard, bob)
    wrong, right = shown(attempt, right=False), shown(attempt, right=True)
    actions.answer(attempt.pk, 1, wrong)
    after, verdict = actions.answer(attempt.pk, 1, right)
    assert verdict is Verdict.RECORDED
    assert (after.score, AttemptAnswer.objects.get().correct) == (0, False)


def test_a_decision_made_on_what_is_past_is_made_again(
    standard: Contest, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another tab answers between this one's looking and its writing."""
    attempt = start(standard, bob)
    right = shown(attempt, right=True)
    store, raced = actions._store, list[bool]()

    def slow_store(*arguments: object) -> bool:
        if not raced:
            raced.append(True)
            actions.answer(attempt.pk, 1, shown(attempt, right=False))
        return store(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(actions, "_store", slow_store)
    after, verdict = actions.answer(attempt.pk, 1, right)
    assert verdict is Verdict.RECORDED
    assert (after.score, AttemptAnswer.objects.count()) == (0, 1)


def test_a_late_answer_is_none(standard: Contest, bob: User, clock: Clock) -> None:
    attempt = start(standard, bob)
    clock.shift(15.001)
    after, _ = actions.answer(attempt.pk, 1, shown(attempt, right=True))
    kept = AttemptAnswer.objects.get()
    assert (kept.choice, kept.correct, kept.points, kept.t_ms) == (None, False, 0, 15_000)
    assert kept.answered_at == NOON + timedelta(seconds=15)
    assert (after.score, after.answer_count, after.misses, after.opened_at) == (0, 0, 1, None)


def test_closing_the_page_does_not_stop_the_clock(standard: Contest, bob: User, clock: Clock) -> None:
    attempt = start(standard, bob)
    clock.shift(timedelta(minutes=20))
    attempt = actions.look(attempt.pk)
    assert (attempt.asked, attempt.opened_at, attempt.misses) == (1, None, 1)
    assert answer(attempt, right=True).correct_count == 1


def test_nothing_goes_on_after_the_closing(standard: Contest, bob: User, clock: Clock) -> None:
    attempt = start(standard, bob)
    clock.move_to(NOON + HOUR + timedelta(milliseconds=1))
    after, verdict = actions.go_on(attempt.pk, 1)
    assert verdict is Verdict.OVER
    assert (after.finish_reason, after.finished_at) == ("closed", NOON + HOUR)
    with pytest.raises(Closed):
        start(standard, bob)


def test_a_longer_window_goes_on_where_it_was(standard: Contest, bob: User, clock: Clock) -> None:
    clock.move_to(NOON + HOUR - timedelta(seconds=5))
    attempt = start(standard, bob)
    organising.move_end(standard, NOON + 2 * HOUR)
    clock.move_to(NOON + HOUR + timedelta(seconds=5))
    assert answer(actions.look(attempt.pk), right=True).correct_count == 1


def test_it_starts_neither_early_nor_twice_nor_for_its_organiser(
    set_up: Callable[..., Contest], alice: User, bob: User
) -> None:
    early = set_up(opens_at=NOON + HOUR / 2)
    with pytest.raises(NotOpenYet):
        start(early, bob)
    now = set_up(question_count=1)
    answer(start(now, bob), right=True)
    with pytest.raises(NoAttemptLeft):
        start(now, bob)
    with pytest.raises(OrganiserMayNotPlay):
        start(now, alice)


def test_a_second_attempt_counts_instead_of_the_first(set_up: Callable[..., Contest], bob: User) -> None:
    contest = set_up(question_count=1)
    first = answer(start(contest, bob), right=True)
    organising.allow_attempts(first.participant, 1)
    second = answer(start(contest, bob), right=False)
    assert second.number == 2
    assert [attempt.pk for attempt in Attempt.objects.filter(counts=True)] == [second.pk]


def test_a_whole_run_costs_lives_and_the_best_one_counts(marathon: Contest, bob: User, clock: Clock) -> None:
    runs = []
    for rights in (3, 5, 2):
        run = start(marathon, bob)
        assert run.question_count == 12
        for _ in range(rights):
            run = answer(run, right=True)
        run = answer(run, right=False)
        run, _ = actions.go_on(run.pk, run.asked)
        clock.shift(60)
        run = answer(actions.look(run.pk), right=False)
        assert (run.finish_reason, run.misses, run.correct_count) == ("lives_spent", 3, rights)
        runs.append(run)
    assert [run.pk for run in Attempt.objects.filter(counts=True)] == [runs[1].pk]
    assert runs[1].score == 1000 + 1100 + 1200 + 1300 + 1400
    assert runs[1].best_streak == 5


def test_a_run_asks_nothing_twice_and_ends_with_the_bank(marathon: Contest, bob: User) -> None:
    run = start(marathon, bob)
    for _ in range(12):
        run = answer(run, right=True)
    assert (run.finish_reason, run.answers.values("question").distinct().count()) == ("completed", 12)
    levels = list(run.answers.order_by("position").values_list("question__difficulty", flat=True))
    assert levels == ["easy"] * 4 + ["medium"] * 4 + ["hard"] * 4


def test_runs_can_be_limited(set_up: Callable[..., Contest], bob: User) -> None:
    contest = set_up("marathon", max_runs=2)
    for _ in range(2):
        run = start(contest, bob)
        for _ in range(3):
            run = answer(run, right=False)
    with pytest.raises(NoAttemptLeft):
        start(contest, bob)


def test_a_second_answer_or_a_second_running_attempt_is_refused_by_the_database(standard: Contest, bob: User) -> None:
    attempt = answer(start(standard, bob), right=True)
    kept = attempt.answers.get()
    kept.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        kept.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(
            contest=standard,
            participant=attempt.participant,
            user_id=attempt.user_id,
            username="Bob",
            number=2,
            seed=1,
            question_count=4,
            started_at=NOON,
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk).update(finished_at=NOON)
