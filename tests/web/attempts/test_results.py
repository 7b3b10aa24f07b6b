"""What a contest played alone leaves behind: results, files, boards and profiles, none of it before it has closed."""

import csv
import io
from typing import Any

import pytest
from django.test import Client

from momentum.web.accounts.models import User
from momentum.web.attempts import access, actions, organising, schedule
from momentum.web.attempts.models import Attempt, FrozenQuestion
from momentum.web.contests.models import Contest
from momentum.web.leaderboards.models import Result, Source, Total
from momentum.web.leaderboards.projection import project, rebuild_totals
from momentum.web.leaderboards.ratings import rate_games
from momentum.web.play import people

from ..cast import saved
from .cast import GUEST, answer, start
from .conftest import HOUR, NOON, Clock


def take(contest: Contest, user: Any, right: list[bool]) -> None:
    attempt = start(contest, user)
    for is_right in right:
        attempt = answer(attempt, right=is_right)


def close(clock: Clock) -> None:
    clock.move_to(NOON + 2 * HOUR)
    schedule.close_due()


def totals(scope: str) -> dict[str, int]:
    found = Total.objects.filter(board__scope=scope, board__period="all", board__subject="all")
    return dict(found.values_list("player", "score"))


def scores(contest: Contest) -> dict[str, int]:
    found = Attempt.objects.filter(contest=contest, counts=True)
    return dict(found.values_list("user_id", "score"))


@pytest.fixture
def taken(standard: Contest, bob: User, charlie: User) -> Contest:
    """Bob has all right, Charlie one, the guest Gina none."""
    take(standard, bob, [True] * 4)
    take(standard, charlie, [True, False, False, False])
    take(standard, GUEST, [False] * 4)
    return standard


def paths(contest: Contest, player: str) -> list[str]:
    page, call = f"/dashboard/contest/{contest.pk}/results", f"/api/results/{contest.pk}"
    return [
        *(
            f"{page}/{more}"
            for more in ("board.csv", "questions.csv", "answers.csv", "results.xlsx", f"players/{player}")
        ),
        *(f"{call}{more}" for more in ("", "?after=1", "/questions", "/board.csv", "/answers.csv", "/results.xlsx")),
        f"{call}/players/{player}",
        f"{call}/link",
    ]


def test_nobody_reads_anything_before_it_has_closed(
    taken: Contest, as_alice: Client, as_bob: Client, bob: User
) -> None:
    for client in (as_alice, as_bob):
        for path in paths(taken, str(bob.pk)):
            assert client.get(path).status_code == 404, path
        page = client.get(f"/dashboard/contest/{taken.pk}/results")
        assert page.context["page"].state == "running"
        assert page.context["page"].questions == ()
    assert as_alice.post(f"/dashboard/contest/{taken.pk}/results/link").status_code == 404
    assert project() == 0
    assert as_bob.get(f"/leaderboards/contest/{taken.pk}").status_code == 404


def test_strangers_find_nothing_after_it_either(taken: Contest, clock: Clock, anyone: Client, bob: User) -> None:
    close(clock)
    dana = User.objects.create_user("Dana", "dana@example.org", "x")
    stranger = Client()
    stranger.force_login(dana, "allauth.account.auth_backends.AuthenticationBackend")
    for path in (*paths(taken, str(bob.pk)), f"/dashboard/contest/{taken.pk}/results"):
        assert stranger.get(path).status_code == 404, path
        assert anyone.get(path).status_code in (302, 401, 404), path


def test_the_board_and_the_questions_of_a_standard_contest(
    taken: Contest, clock: Clock, as_alice: Client, as_bob: Client
) -> None:
    close(clock)
    page = as_alice.get(f"/dashboard/contest/{taken.pk}/results").context["page"]
    assert [(row.rank, row.name, row.correct_count) for row in page.board] == [
        (1, "Bob", 4),
        (2, "Charlie", 1),
        (3, "Gina", 0),
    ]
    assert [question.sentence for question in page.questions] == [
        "3 of 3 answered, 2 were right.",
        *["3 of 3 answered, 1 was right."] * 3,
    ]
    own = as_bob.get(f"/dashboard/contest/{taken.pk}/results").context["page"]
    assert (own.you.name, own.questions[0].your_points) == ("Bob", page.board[0].score // 4)


def test_each_answer_and_the_files(taken: Contest, clock: Clock, as_alice: Client, charlie: User) -> None:
    close(clock)
    page = as_alice.get(f"/dashboard/contest/{taken.pk}/results/players/{charlie.pk}").context["page"]
    assert [row.correct for row in page.answers] == [True, False, False, False]
    raw = saved(as_alice.get(f"/dashboard/contest/{taken.pk}/results/answers.csv")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(raw)))
    assert len(rows) == 12
    assert sum(row["Right"] == "yes" for row in rows) == 5
    assert saved(as_alice.get(f"/dashboard/contest/{taken.pk}/results/results.xlsx"))


def test_a_closed_contest_counts_on_the_boards(taken: Contest, clock: Clock, as_charlie: Client) -> None:
    close(clock)
    assert project() == 1
    assert totals(f"contest:{taken.pk}") == scores(taken)
    accounts = {player: score for player, score in scores(taken).items() if not player.startswith("guest_")}
    assert totals(f"organiser:{taken.owner_id}") == accounts
    assert Source.objects.get().contest_type == "standard"
    assert set(Result.objects.values_list("rank", flat=True)) == {1, 2, 3}
    assert project() == 0
    assert rate_games() == 0
    (row,) = as_charlie.get("/profile/").context["history"].rows
    assert (row.contest_type, row.rank, row.rating) == ("standard", 2, None)


def test_voiding_a_question_corrects_the_boards(taken: Contest, clock: Clock) -> None:
    close(clock)
    project()
    before = totals(f"contest:{taken.pk}")
    organising.void(FrozenQuestion.objects.filter(contest=taken).order_by("position")[0])
    assert project() == 1
    after = totals(f"contest:{taken.pk}")
    assert after == scores(taken)
    assert after != before
    kept = sorted(Total.objects.values_list("board", "player", "score", "answer_count", "plays"))
    for result in Result.objects.all():
        assert sum(tally.score for tally in result.tallies.all()) == result.score
    rebuild_totals()
    assert sorted(Total.objects.values_list("board", "player", "score", "answer_count", "plays")) == kept


def test_the_best_run_of_a_marathon_counts(marathon: Contest, clock: Clock, bob: User, as_alice: Client) -> None:
    take(marathon, bob, [True, True, False, False, False])
    take(marathon, bob, [False, False, False])
    close(clock)
    project()
    best = max(Attempt.objects.filter(contest=marathon).values_list("score", flat=True))
    assert best > 0
    assert totals(f"contest:{marathon.pk}") == {str(bob.pk): best}
    page = as_alice.get(f"/dashboard/contest/{marathon.pk}/results").context["page"]
    assert [(row.rank, row.score) for row in page.board] == [(1, best)]
    assert len(page.questions) == 5
    assert sum(option.count for question in page.questions for option in question.options) == 5


def test_the_answers_of_a_run_are_numbered_as_they_were_asked(
    marathon: Contest, clock: Clock, bob: User, as_alice: Client, as_bob: Client
) -> None:
    take(marathon, bob, [True, True, False, True, False, False])
    close(clock)
    kept = list(Attempt.objects.get().answers.order_by("position").values_list("question__position", flat=True))
    assert kept != sorted(kept)
    page = as_bob.get(f"/dashboard/contest/{marathon.pk}/results/players/{bob.pk}").context["page"]
    assert [row.number for row in page.answers] == [1, 2, 3, 4, 5, 6]
    told = as_bob.get(f"/api/results/{marathon.pk}/players/{bob.pk}").json()["answers"]
    assert [(one["number"], one["questionNumber"]) for one in told] == list(enumerate(kept, start=1))
    raw = saved(as_alice.get(f"/dashboard/contest/{marathon.pk}/results/answers.csv")).decode("utf-8-sig")
    assert [row["Number"] for row in csv.DictReader(io.StringIO(raw))] == list("123456")
    shown = as_bob.get(f"/dashboard/contest/{marathon.pk}/results").content.decode()
    assert "Question 1<" not in shown
    assert "of 6 right" not in shown


def test_what_was_asked_most_stands_first_of_a_marathons_questions(
    marathon: Contest, clock: Clock, bob: User, charlie: User, as_alice: Client
) -> None:
    take(marathon, bob, [False] * 3)
    take(marathon, charlie, [True] * 9 + [False] * 3)
    close(clock)
    page = as_alice.get(f"/dashboard/contest/{marathon.pk}/results").context["page"]
    asked = [question.answered + question.not_answered for question in page.questions]
    assert asked == [2] * 3 + [1] * 9


def test_the_questions_of_a_long_marathon_are_paged(
    marathon: Contest, clock: Clock, bob: User, as_alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("momentum.web.results.queries.QUESTIONS", 5)
    take(marathon, bob, [True] * 12)
    close(clock)
    url, seen = f"/dashboard/contest/{marathon.pk}/results", []
    while url:
        page = as_alice.get(url).context["page"]
        assert page.question_count == 12
        seen += [question.number for question in page.questions]
        url = page.later_questions_url
    assert sorted(seen) == list(range(1, 13))


def test_nothing_was_played(standard: Contest, clock: Clock, as_alice: Client) -> None:
    close(clock)
    project()
    assert as_alice.get(f"/dashboard/contest/{standard.pk}/results").context["page"].state == "unplayed"
    assert Source.objects.get().done


def test_ties_share_a_rank_on_every_page(standard: Contest, clock: Clock, as_alice: Client) -> None:
    people = [User.objects.create_user(f"P{n}", f"p{n}@example.org", "x") for n in range(5)]
    for number, user in enumerate(people):
        take(standard, user, [number == 0, False, False, False])
    close(clock)
    found: list[tuple[int, int]] = []
    after: int | None = 0
    while after is not None:
        body = as_alice.get(f"/api/results/{standard.pk}?limit=2&after={after}").json()
        found += [(row["rank"], row["correctCount"]) for row in body["rows"]]
        after = body["next"]
    assert found == [(1, 1), (2, 0), (2, 0), (2, 0), (2, 0)]


@pytest.mark.parametrize("archived", [False, True])
def test_an_attempt_that_ends_after_its_contest_was_counted_is_counted_too(
    taken: Contest, clock: Clock, archived: bool
) -> None:
    dana = people.of_account(User.objects.create_user("Dana", "dana@example.org", "x"))
    place = access.join(taken, dana)
    close(clock)
    assert project() == 1
    if archived:
        organising.archive(taken)
    actions._create(taken, place, 1)  # it began in the moment of the closing, and nobody saw it
    assert schedule.end_attempts() == 1
    assert project() == 1
    assert dana.user_id in totals(f"contest:{taken.pk}")
    assert totals(f"contest:{taken.pk}") == scores(taken)


def test_who_played_finds_the_board_before_it_is_counted(taken: Contest, clock: Clock, as_bob: Client) -> None:
    close(clock)
    results = as_bob.get(f"/dashboard/contest/{taken.pk}/results").context["page"]
    assert as_bob.get(results.leaderboard_url).context["page"].board.rows == ()
