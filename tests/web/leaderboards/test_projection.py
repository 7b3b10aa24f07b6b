import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from pytest import MonkeyPatch

from momentum.web.accounts.models import User
from momentum.web.contests.actions import ContestSettings, create_contest
from momentum.web.contests.models import Contest
from momentum.web.games.models import AnswerResult, PlayerResult
from momentum.web.jobs import JOBS
from momentum.web.leaderboards import finished_games, projection
from momentum.web.leaderboards.actions import share_profile
from momentum.web.leaderboards.models import Board, Ledger, Result, Source, Tally, Total
from momentum.web.leaderboards.projection import project, rebuild_totals, recount
from momentum.web.play.models import Pin
from momentum.wiring.jobs import queue_run

from ..cast import GINA, work
from .history import played, remove

Snapshot = list[tuple[Any, ...]]


def totals() -> Snapshot:
    names = ("board__scope", "board__period", "board__subject", "player")
    amounts = ("score", "correct_ms", "correct_count", "answer_count", "plays")
    return sorted(Total.objects.values_list(*names, *amounts))


def results() -> Snapshot:
    return sorted(Result.objects.values_list("source", "player", "score", "rank", "counts", "best_streak"))


def everything() -> tuple[Snapshot, Snapshot, Snapshot]:
    tallies = sorted(Tally.objects.values_list("result__source", "result__player", "category", "score"))
    return results(), totals(), tallies


def on(scope: str, period: str = "all", subject: str = "all") -> dict[str, int]:
    found = Total.objects.filter(board__scope=scope, board__period=period, board__subject=subject)
    return dict(found.values_list("player", "score"))


def test_a_game_becomes_a_result_for_each_player(contest: Contest, bob: User, charlie: User) -> None:
    pin = played(contest, [bob, charlie, GINA])
    assert project() == 1
    kept = {row.user_id: row for row in PlayerResult.objects.filter(game_id=str(pin.game_id))}
    assert {row.player: (row.score, row.rank, row.correct_ms) for row in Result.objects.all()} == {
        user_id: (row.score, row.rank, row.correct_ms) for user_id, row in kept.items()
    }
    assert on(f"contest:{contest.pk}") == {user_id: row.score for user_id, row in kept.items()}
    source = Source.objects.get()
    assert (source.pk, source.contest_type, source.done) == (pin.game_id, "quick_fire", True)


def test_tallies_leave_voided_questions_out_and_add_up(contest: Contest, bob: User, charlie: User) -> None:
    pin = played(contest, [bob, charlie], count=9)
    project()
    for result in Result.objects.all():
        mine = AnswerResult.objects.filter(game_id=str(pin.game_id), user_id=result.player).exclude(number=3)
        assert result.answer_count == mine.count()
        assert sum(tally.score for tally in result.tallies.all()) == result.score
        assert sum(tally.correct_count for tally in result.tallies.all()) == result.correct_count
        assert sum(tally.correct_ms for tally in result.tallies.all()) == result.correct_ms


def test_once_counted_is_not_counted_again(contest: Contest, bob: User, charlie: User) -> None:
    played(contest, [bob, charlie, GINA])
    project()
    before = everything()
    assert project() == 0
    for finished in _all_games():
        projection.count_in(finished)
    Ledger.objects.update(settled_pin=0)
    Source.objects.update(done=False)
    assert project() == 1
    assert everything() == before


def test_a_kill_at_any_statement_loses_and_doubles_nothing(
    contest: Contest, bob: User, charlie: User, alice: User, monkeypatch: MonkeyPatch
) -> None:
    monkeypatch.setattr(projection, "CHUNK", 2)
    share_profile(bob, True)
    people: list[User | str] = [bob, charlie, alice, *(f"guest_{number:032x}" for number in range(4))]
    played(contest, people, seed=1)
    played(contest, people, seed=2)
    project()
    whole = everything()
    Result.objects.all().delete()
    Total.objects.all().delete()
    Source.objects.all().delete()
    Ledger.objects.update(settled_pin=0)
    for allowed in range(2, 400, 3):
        if _killed_after(allowed):
            continue
        assert everything() == whole
        return
    pytest.fail("it never came to an end")


def _killed_after(allowed: int) -> bool:
    """Whether the projection was killed when it wanted one more statement than `allowed`."""
    left = allowed

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        left -= "SAVEPOINT" not in sql
        if left < 0 and "SAVEPOINT" not in sql:
            raise KeyboardInterrupt
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(count):
            project()
    except KeyboardInterrupt:
        return True
    return False


def test_who_hosts_and_who_was_removed_stand_on_no_board(
    contest: Contest, alice: User, bob: User, charlie: User
) -> None:
    remove(played(contest, [alice, bob, charlie]), charlie)
    project()
    assert on(f"contest:{contest.pk}").keys() == {str(bob.pk)}
    assert Result.objects.filter(counts=False).count() == 2
    assert not Total.objects.filter(player__in=[str(alice.pk), str(charlie.pk)]).exists()


def test_guests_stand_on_the_contests_board_alone(contest: Contest, bob: User) -> None:
    played(contest, [bob, GINA])
    project()
    assert GINA in on(f"contest:{contest.pk}")
    assert on(f"organiser:{contest.owner_id}").keys() == {str(bob.pk)}


def test_only_who_shares_stands_on_the_sites_board(contest: Contest, bob: User, charlie: User) -> None:
    share_profile(bob, True)
    played(contest, [bob, charlie], seed=1)
    project()
    assert on("site").keys() == {str(bob.pk)}
    share_profile(charlie, True)
    assert on("site") == on(f"organiser:{contest.owner_id}")
    share_profile(bob, False)
    assert on("site").keys() == {str(charlie.pk)}
    played(contest, [bob, charlie], seed=2)
    project()
    assert on("site").keys() == {str(charlie.pk)}
    assert on("site") == {str(charlie.pk): on(f"organiser:{contest.owner_id}")[str(charlie.pk)]}


def test_a_result_belongs_to_the_periods_of_its_end_whatever_it_is_about(contest: Contest, bob: User) -> None:
    played(contest, [bob], ended_at=datetime(2024, 12, 30, 12, tzinfo=UTC))
    project()
    found = set(Board.objects.filter(scope__startswith="organiser").values_list("period", "subject"))
    subjects = {"all", "type:quick_fire"} | {f"category:{tally.category}" for tally in Tally.objects.all()}
    assert len(subjects) > 3
    assert found == set(product(("all", "2024-12", "2025-W01"), subjects))


def test_every_board_is_the_sum_of_the_results_it_is_about(contest: Contest, bob: User, charlie: User) -> None:
    """Counted here from results and tallies, without the code that counts them."""
    share_profile(bob, True)
    for seed in range(6):
        played(contest, [bob, charlie, GINA], seed=seed, ended_at=datetime(2026, 9, 28 - seed, tzinfo=UTC))
    project()
    expected: defaultdict[tuple[Any, ...], int] = defaultdict(int)
    for result in Result.objects.filter(counts=True):
        expected[f"contest:{contest.pk}", "all", "all", result.player] += result.score
        if result.player == GINA:
            continue
        subjects = {"all": result.score, "type:quick_fire": result.score}
        subjects |= {f"category:{tally.category}": tally.score for tally in result.tallies.all()}
        year, week, _day = result.ended_at.isocalendar()
        scopes = [f"organiser:{contest.owner_id}", *(["site"] if result.player == str(bob.pk) else [])]
        for scope, period, subject in product(scopes, ("all", f"{result.ended_at:%Y-%m}", f"{year}-W{week}"), subjects):
            expected[scope, period, subject, result.player] += subjects[subject]
    assert {row[:4]: row[4] for row in totals()} == expected


def test_the_totals_are_the_sums_of_the_results(alice: User, bob: User, charlie: User, contest: Contest) -> None:
    share_profile(charlie, True)
    other = create_contest(charlie, ContestSettings(name="Other", question_count=3))
    chance = random.Random(7)
    now = timezone.now()
    for seed in range(8):
        people: list[User | str] = chance.sample([alice, bob, charlie, GINA], 3)
        played(chance.choice((contest, other)), people, seed=seed, ended_at=now - timedelta(days=9 * seed))
    project()
    expected: defaultdict[tuple[str, str], int] = defaultdict(int)
    for result in Result.objects.filter(counts=True).select_related("contest"):
        expected[f"contest:{result.contest_id}", result.player] += result.score
    assert {
        (scope, player): score for scope, _period, _subject, player, score, *_ in totals() if scope[:7] == "contest"
    } == expected
    kept = totals()
    rebuild_totals()
    assert totals() == kept
    Total.objects.all().delete()
    call_command("rebuild_leaderboards", verbosity=0)
    assert totals() == kept


def test_totals_that_an_update_has_taken_away_are_computed_anew(contest: Contest, bob: User, charlie: User) -> None:
    played(contest, [bob, charlie])
    project()
    kept = totals()
    Board.objects.all().delete()
    assert project() == 0
    assert totals() == kept


def test_results_that_were_computed_anew_are_corrected(contest: Contest, bob: User, charlie: User) -> None:
    pin = played(contest, [bob, charlie])
    project()
    games = PlayerResult.objects.filter(game_id=str(pin.game_id))
    games.filter(user_id=str(bob.pk)).update(score=5, correct_ms=7)
    games.filter(user_id=str(charlie.pk)).delete()
    recount(Source.objects.get().pk)
    Ledger.objects.update(settled_pin=0)
    assert project() == 1
    assert on(f"contest:{contest.pk}") == {str(bob.pk): 5}
    assert on(f"organiser:{contest.owner_id}") == {str(bob.pk): 5}
    kept = totals()
    rebuild_totals()
    assert totals() == kept


def test_what_changes_while_it_is_counted_is_counted_again(
    contest: Contest, bob: User, monkeypatch: MonkeyPatch
) -> None:
    played(contest, [bob])
    real = finished_games.lines

    def changing(*arguments: Any) -> Any:
        found = real(*arguments)
        recount(Source.objects.get().pk)
        return found

    monkeypatch.setattr(finished_games, "lines", changing)
    project()
    assert not Source.objects.get().done
    monkeypatch.undo()
    assert project() == 1
    assert Source.objects.get().done


def test_a_worker_that_is_overtaken_writes_nothing_of_before(
    contest: Contest, bob: User, monkeypatch: MonkeyPatch
) -> None:
    pin = played(contest, [bob])
    real = finished_games.lines

    def overtaken(*arguments: Any) -> Any:
        found = real(*arguments)
        monkeypatch.undo()
        PlayerResult.objects.filter(game_id=str(pin.game_id)).update(score=5)
        recount(Source.objects.get().pk)
        assert project() == 1
        return found

    monkeypatch.setattr(finished_games, "lines", overtaken)
    project()
    assert on(f"contest:{contest.pk}") == {str(bob.pk): 5}
    assert Source.objects.get().done


def test_the_mark_stops_before_a_game_that_is_still_open(contest: Contest, bob: User) -> None:
    first = played(contest, [bob], seed=1)
    still_open = played(contest, [bob], seed=2)
    Pin.objects.filter(pk=still_open.pk).update(retired_at=None, played=False)
    played(contest, [bob], seed=3)
    assert project() == 2
    assert Ledger.objects.get().settled_pin == first.pk
    Pin.objects.filter(pk=still_open.pk).update(retired_at=timezone.now(), played=True)
    assert project() == 1
    assert Ledger.objects.get().settled_pin == Pin.objects.latest("pk").pk


def test_games_of_which_nothing_was_played_do_not_hold_the_mark(contest: Contest, bob: User) -> None:
    pin = played(contest, [bob])
    Pin.objects.filter(pk=pin.pk).update(played=False)
    assert project() == 0
    assert Ledger.objects.get().settled_pin == pin.pk
    assert not Result.objects.exists()


def test_the_worker_counts_by_the_clock(contest: Contest, bob: User, charlie: User) -> None:
    played(contest, [bob, charlie])
    queue_run(next(job for job in JOBS if job.name == "count_results"), 1)
    work()
    assert on(f"contest:{contest.pk}").keys() == {str(bob.pk), str(charlie.pk)}
    assert Source.objects.get().rated


def _all_games() -> Any:
    Source.objects.update(done=False)
    found = list(finished_games.finished())
    Source.objects.update(done=True)
    return found
