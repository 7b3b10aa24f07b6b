"""Recomputing a contest from its stored answers gives its board exactly."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from momentum.web.accounts.models import User
from momentum.web.attempts import actions, organising, schedule, scoreboard, tallies
from momentum.web.attempts.models import Attempt, AttemptAnswer, FrozenQuestion
from momentum.web.attempts.scoreboard import BoardRow
from momentum.web.contests.models import Contest
from momentum.web.play.people import Person

from .cast import answer
from .conftest import HOUR, NOON, Clock

MOVES = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(("right", "wrong", "wait", "void", "extra")), st.integers(0, 20_000)),
    min_size=5,
    max_size=40,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    contest_type=st.sampled_from(("standard", "marathon")),
    timing=st.sampled_from(("question", "whole", "both")),
    shown=st.sampled_from(("at_once", "after_closing")),
    moves=MOVES,
)
def test_the_board_follows_from_the_answers(
    set_up: Callable[..., Contest],
    clock: Clock,
    contest_type: str,
    timing: str,
    shown: str,
    moves: list[tuple[int, str, int]],
) -> None:
    clock.move_to(NOON)
    with transaction.atomic():
        contest = set_up(contest_type, timing=timing, total_time_s=90, results_shown=shown)
        for player, move, wait_ms in moves:
            clock.shift(timedelta(milliseconds=wait_ms))
            play(contest, player, move)
        clock.move_to(NOON + 2 * HOUR)
        schedule.close_due()
        contest.refresh_from_db()
        assert contest.status == "closed"
        assert not Attempt.objects.filter(contest=contest, finished_at=None).exists()
        assert kept(contest) == recomputed(contest)
        board = scoreboard.board_at(contest, timezone.now())
        assert board and board.frozen_at is None
        assert board.rows(0, 10) == board_from_answers(contest)
        transaction.set_rollback(True)


def play(contest: Contest, player: int, move: str) -> None:
    who = Person(f"guest_{player:032x}", f"Player {player}", is_guest=True)
    place = contest.participants.filter(user_id=who.user_id).first()
    running = actions.running_attempt(contest, place) if place else None
    if running is None and not (place and contest.contest_type == "standard" and place.attempts.exists()):
        running = actions.start(contest, who)
    elif move == "void" and contest.contest_type == "standard":
        organising.void(FrozenQuestion.objects.select_related("contest").get(contest=contest, position=1 + player))
    elif move == "extra" and place:
        organising.give_extra_time(place, 50)
    elif running and move in ("right", "wrong"):
        answer(running, right=move == "right")


def kept(contest: Contest) -> dict[object, dict[str, int]]:
    names = ("score", "correct_count", "answer_count", "correct_ms", "streak", "best_streak", "misses")
    return {row.pk: {name: getattr(row, name) for name in names} for row in Attempt.objects.filter(contest=contest)}


def recomputed(contest: Contest) -> dict[object, dict[str, int]]:
    found = tallies.of_contest(contest.pk)
    return {row.pk: asdict(found[row.pk]) for row in Attempt.objects.filter(contest=contest)}


def board_from_answers(contest: Contest) -> tuple[BoardRow, ...]:
    """The board by hand, from nothing but the answers and who started when."""
    best: dict[str, tuple[tuple[int, int, int], Attempt, list[AttemptAnswer]]] = {}
    for attempt in Attempt.objects.filter(contest=contest).order_by("participant_id", "number"):
        answers = [one for one in attempt.answers.order_by("position") if not one.voided]
        score = sum(one.points for one in answers)
        correct_ms = sum(one.t_ms for one in answers if one.correct)
        mine = ((-score, correct_ms, int(attempt.started_at.timestamp() * 1000)), attempt, answers)
        if attempt.user_id not in best or contest.contest_type == "standard" or mine[0] < best[attempt.user_id][0]:
            best[attempt.user_id] = mine
    ordered = sorted(best.values(), key=lambda entry: entry[0])
    rows = []
    for (score, correct_ms, _), attempt, answers in ordered:
        streaks = "".join("r" if one.correct else " " for one in answers).split(" ")
        rows.append(
            BoardRow(
                rank=1 + sum((s, ms) < (score, correct_ms) for (s, ms, _), _, _ in ordered),
                user_id=attempt.user_id,
                name=attempt.username,
                score=-score,
                correct_count=sum(one.correct for one in answers),
                correct_ms=correct_ms,
                best_streak=max(map(len, streaks)),
            )
        )
    return tuple(rows)


def test_an_attempt_without_answers_comes_to_nothing(standard: Contest, bob: User) -> None:
    attempt = actions.start(standard, Person(str(bob.pk), "Bob", is_guest=False))
    assert tallies.of_contest(standard.pk)[attempt.pk].score == 0
