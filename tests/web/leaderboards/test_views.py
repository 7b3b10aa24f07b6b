from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from momentum.web.accounts.models import User
from momentum.web.contests.models import Contest
from momentum.web.leaderboards.actions import share_profile
from momentum.web.leaderboards.models import Board, Profile, Rating, Result, Total
from momentum.web.leaderboards.projection import project
from momentum.web.leaderboards.ratings import Skill, rate_games
from momentum.web.own_data.deletion import delete_account
from momentum.web.play.models import Pin

from ..cast import content, open_pin
from ..conftest import browser
from .history import played


def of_contest(contest: Contest) -> str:
    return f"/leaderboards/contest/{contest.pk}"


def of_organiser(user: User) -> str:
    return f"/leaderboards/organiser/{user.pk}"


def test_a_contests_board_has_guests_and_is_for_who_organised_or_played(
    as_alice: Client, as_bob: Client, friday: Pin, contest: Contest
) -> None:
    for client in (as_alice, as_bob):
        page = client.get(of_contest(contest)).context["page"]
        assert {row.name for row in page.board.rows} == {"Bob", "Dana", "Gina"}
    assert as_bob.get(of_contest(contest)).context["page"].board.you.name == "Bob"


def test_a_guest_sees_the_board_of_the_contest_alone(anyone: Client, contest: Contest, alice: User, bob: User) -> None:
    pin = open_pin(contest)
    anyone.post(f"/join/{pin.code}", {"name": "Gina"})
    guest = anyone.get(f"/dashboard/contest/{pin.game_id}/game").context["data"]["userId"]
    played(contest, [guest, bob])
    project()
    page = anyone.get(of_contest(contest)).context["page"]
    assert page.board.you.name == "Gina"
    assert anyone.get(of_organiser(alice)).status_code == 404
    assert anyone.get("/leaderboards/").status_code == 302


def test_an_organisers_board_is_for_the_organiser_and_who_played(
    as_alice: Client, as_bob: Client, alice: User, friday: Pin
) -> None:
    for client in (as_alice, as_bob):
        page = client.get(of_organiser(alice)).context["page"]
        assert {row.name for row in page.board.rows} == {"Bob", "Dana"}
    assert as_alice.get(of_organiser(alice)).context["page"].heading == "Your contests"
    assert as_bob.get(of_organiser(alice)).context["page"].heading == "Contests of Alice"


def test_strangers_find_no_board(
    as_charlie: Client, anyone: Client, alice: User, friday: Pin, contest: Contest
) -> None:
    for client in (as_charlie, anyone):
        for path in (of_contest(contest), of_organiser(alice), f"/leaderboards/contest/{uuid4()}"):
            assert client.get(path).status_code == 404


def test_nobody_finds_the_board_of_a_game_that_is_not_over(as_bob: Client, bob: User, contest: Contest) -> None:
    open_pin(contest)
    project()
    assert as_bob.get(of_contest(contest)).status_code == 404


def test_who_has_just_played_finds_the_board_not_counted_yet(as_bob: Client, bob: User, contest: Contest) -> None:
    played(contest, [bob])
    answer = as_bob.get(of_contest(contest))
    assert answer.context["page"].board.rows == ()
    assert "It takes up to a minute" in answer.content.decode()


def test_the_sites_board_has_who_shares(as_charlie: Client, as_bob: Client, bob: User, friday: Pin) -> None:
    page = as_charlie.get("/leaderboards/").context["page"]
    assert page.board.rows == ()
    as_bob.post("/profile/share", {"shared": "yes"})
    page = as_charlie.get("/leaderboards/").context["page"]
    assert [row.name for row in page.board.rows] == ["Bob"]
    as_bob.post("/profile/share", {"shared": "no"})
    assert as_charlie.get("/leaderboards/").context["page"].board.rows == ()


def test_parts_and_periods_choose_among_the_boards(as_alice: Client, alice: User, bob: User, contest: Contest) -> None:
    played(contest, [bob], seed=1, ended_at=timezone.now() - timedelta(days=400))
    project()
    url = of_organiser(alice)
    page = as_alice.get(url).context["page"]
    assert len(page.board.rows) == 1
    assert [choice.value for choice in page.choices.periods] == ["all", "month", "week"]
    assert [(group.label, group.choices[0].value) for group in page.choices.subjects] == [
        ("", "all"),
        ("Type", "type:quick_fire"),
        ("Category", "category:=1+1"),
    ]
    for query in (
        "period=week",
        "period=month",
        "subject=type:standard",
        "subject=category:Nowhere",
        "period=week&subject=category:Towns",
        "period=month&subject=type:quick_fire",
    ):
        assert as_alice.get(f"{url}?{query}").context["page"].board.rows == ()
    long_ago = (timezone.now() - timedelta(days=400)).strftime("%Y-%m")
    for query in ("subject=category:Towns", f"period={long_ago}", f"period={long_ago}&subject=category:Towns"):
        assert len(as_alice.get(f"{url}?{query}").context["page"].board.rows) == 1


def test_the_next_page_is_of_the_same_board(as_alice: Client, alice: User, bob: User, contest: Contest) -> None:
    played(contest, [bob], ended_at=timezone.now())
    project()
    board = Board.objects.get(
        scope=f"organiser:{alice.pk}", period=f"{timezone.now():%Y-%m}", subject="type:quick_fire"
    )
    Total.objects.bulk_create(
        Total(board=board, player=f"guest_{n:032x}", score=0, correct_ms=0, correct_count=0, answer_count=0, plays=1)
        for n in range(60)
    )
    page = as_alice.get(f"{of_organiser(alice)}?period=month&subject=type:quick_fire").context["page"]
    assert len(page.board.rows) == 50
    following = as_alice.get(page.next_url).context["page"]
    assert len(following.board.rows) == 11
    assert following.first_url == f"{of_organiser(alice)}?period=month&subject=type%3Aquick_fire"
    chosen = [choice.value for choice in following.choices.periods if choice.chosen]
    chosen += [choice.value for group in following.choices.subjects for choice in group.choices if choice.chosen]
    assert chosen == ["month", "type:quick_fire"]


def test_a_subject_that_nobody_stands_for_any_more_is_not_offered(as_charlie: Client, bob: User, friday: Pin) -> None:
    share_profile(bob, True)
    groups = as_charlie.get("/leaderboards/").context["page"].choices.subjects
    assert [group.label for group in groups] == ["", "Type", "Category"]
    share_profile(bob, False)
    groups = as_charlie.get("/leaderboards/").context["page"].choices.subjects
    assert [group.label for group in groups] == [""]


@pytest.mark.parametrize(
    "query", ["period=%00", "subject=%00x", "subject=x", "period=", "after=x", "after=1.2.3", "subject=" + "x" * 5000]
)
def test_odd_queries_are_no_harm(as_alice: Client, alice: User, friday: Pin, query: str) -> None:
    assert as_alice.get(f"{of_organiser(alice)}?{query}").status_code == 200


def test_a_long_board_comes_in_pages(as_alice: Client, contest: Contest, friday: Pin) -> None:
    board = Board.objects.get(scope=f"contest:{contest.pk}")
    Total.objects.bulk_create(
        Total(board=board, player=f"guest_{n:032x}", score=0, correct_ms=0, correct_count=0, answer_count=0, plays=1)
        for n in range(120)
    )
    seen = []
    url = of_contest(contest)
    while url:
        page = as_alice.get(url).context["page"]
        seen += [row.player for row in page.board.rows]
        url = page.next_url
    assert len(seen) == len(set(seen)) == Total.objects.filter(board=board).count()


def test_who_deleted_the_account_keeps_the_points_without_the_name(
    as_alice: Client, alice: User, bob: User, friday: Pin, contest: Contest
) -> None:
    share_profile(bob, True)
    before = as_alice.get(of_contest(contest)).context["page"].board.rows
    delete_account(bob)
    for path in (of_contest(contest), of_organiser(alice)):
        answer = as_alice.get(path)
        assert "Former player" in {row.name for row in answer.context["page"].board.rows}
        assert "Bob" not in content(answer)
    assert as_alice.get("/leaderboards/").context["page"].board.rows == ()
    after = as_alice.get(of_contest(contest)).context["page"].board.rows
    assert [row.score for row in after] == [row.score for row in before]
    assert as_alice.get(f"/players/{bob.pk}").status_code == 404


def test_a_board_takes_few_queries(
    as_bob: Client, alice: User, friday: Pin, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(17):
        as_bob.get(of_organiser(alice))


def test_the_own_profile_has_history_accuracy_streak_and_rating(as_bob: Client, bob: User, friday: Pin) -> None:
    answer = as_bob.get("/profile/")
    page, history = answer.context["page"], answer.context["history"]
    result = Result.objects.get(player=str(bob.pk))
    assert (page.plays, page.score, page.best_streak) == (1, result.score, result.best_streak)
    assert sum(category.answer_count for category in page.categories) == result.answer_count
    assert (page.rating is not None, page.provisional, page.rated_games) == (True, True, 1)
    (row,) = history.rows
    assert (row.contest_name, row.rank, row.rating) == ("Friday quiz", result.rank, page.rating)
    assert row.change == page.rating - 1000
    assert row.results_url == f"/dashboard/contest/{friday.game_id}/results"


def test_a_new_player_has_an_empty_profile(as_charlie: Client) -> None:
    answer = as_charlie.get("/profile/")
    assert answer.context["history"].rows == ()
    assert "Nothing yet" in answer.content.decode()


def test_history_comes_in_pages(
    as_bob: Client, bob: User, charlie: User, contest: Contest, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    now = timezone.now()
    for seed in range(23):
        played(contest, [bob, charlie], seed=seed, ended_at=now - timedelta(minutes=seed // 3))
    project()
    rate_games()
    with django_assert_max_num_queries(12):
        first = as_bob.get("/profile/").context["history"]
    second = as_bob.get("/profile/", {"after": first.after}).context["history"]
    assert (len(first.rows), len(second.rows), second.after) == (20, 3, "")
    rows = (*first.rows, *second.rows)
    assert len({row.source_id for row in rows}) == 23
    ratings = list(Rating.objects.filter(player=str(bob.pk)).order_by("ended_at", "source"))
    shown = [1000, *(Skill(one.mu, one.sigma).shown for one in ratings)]
    steps = {one.source_id: after - before for one, before, after in zip(ratings, shown, shown[1:], strict=False)}
    assert {row.source_id: row.change for row in rows} == steps
    for odd in ("x", "9" * 17 + ".1", "1.99999999999999999999"):
        assert as_bob.get("/profile/", {"after": odd}).status_code == 200


def test_a_profile_is_for_others_only_when_shared(
    as_charlie: Client, anyone: Client, as_bob: Client, bob: User, friday: Pin
) -> None:
    path = f"/players/{bob.pk}"
    assert as_charlie.get(path).status_code == 404
    share_profile(bob, True)
    answer = as_charlie.get(path)
    assert answer.context["page"].plays == 1
    text = answer.content.decode()
    assert "Friday quiz" not in text
    assert bob.email not in text
    assert anyone.get(path).status_code == 302
    assert as_bob.get(path)["Location"] == "/profile/"


def test_sharing_is_asked_by_post_and_with_an_account(as_bob: Client, anyone: Client) -> None:
    assert as_bob.get("/profile/share").status_code == 405
    assert anyone.post("/profile/share", {"shared": "yes"}).status_code == 302
    assert not Profile.objects.exists()
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/profile/share", {"shared": "yes"}).status_code == 403


def test_how_ratings_work_is_for_everybody(anyone: Client) -> None:
    text = anyone.get("/ratings/").content.decode()
    assert "starts at 1000" in text


def test_the_host_who_plays_has_a_history_and_no_place(alice: User, bob: User, contest: Contest) -> None:
    played(contest, [alice, bob])
    project()
    answer = browser(alice).get("/profile/")
    assert answer.context["page"].plays == 0
    assert len(answer.context["history"].rows) == 1
