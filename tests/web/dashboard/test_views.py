from dataclasses import replace
from datetime import timedelta

from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from momentum.web.accounts.models import User
from momentum.web.attempts import access
from momentum.web.contests.actions import ContestSettings, create_contest, make_private_contest
from momentum.web.contests.models import Contest
from momentum.web.play.people import of_account
from momentum.web.questions.models import Question

from ..cast import end_game, open_pin


def test_a_newcomer_is_told_to_make_a_contest(as_alice: Client) -> None:
    answer = as_alice.get("/dashboard/")
    assert answer.status_code == 200
    step = answer.context["page"].next_step
    assert (step.kind, step.url) == ("make_contest", "/dashboard/contest/new")
    assert "/dashboard/contest/new" in answer.content.decode()


def test_the_next_step_follows_what_there_is(as_alice: Client, alice: User, contest: Contest, bob: User) -> None:
    def kind() -> str:
        return str(as_alice.get("/dashboard/").context["page"].next_step.kind)

    assert kind() == "open_lobby"
    pin = open_pin(contest)
    assert kind() == "go_to_game"
    end_game(pin, bob)
    assert kind() == "see_results"
    create_contest(alice, ContestSettings(name="Big", question_count=50))
    assert kind() == "finish_draft"


def test_the_next_step_is_a_game_that_can_be_played(as_alice: Client, alice: User, bank: list[Question]) -> None:
    create_contest(alice, ContestSettings(name="Long", contest_type="marathon", question_count=1))
    answer = as_alice.get("/dashboard/")
    assert answer.context["page"].next_step.kind == "finish_draft"
    assert "Say when it closes" in answer.content.decode()
    create_contest(alice, ContestSettings(name="Quick", question_count=1))
    create_contest(alice, ContestSettings(name="Longer", contest_type="marathon", question_count=1))
    assert as_alice.get("/dashboard/").context["page"].next_step.contest.name == "Quick"


def test_own_contests_are_listed_and_others_are_not(
    as_alice: Client,
    alice: User,
    charlie: User,
    contest: Contest,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    create_contest(charlie, ContestSettings(name="Charlie's own"))
    for number in range(20):
        create_contest(alice, ContestSettings(name=f"Number {number}", question_count=1, categories=("rivers",)))
    open_pin(contest)
    with django_assert_max_num_queries(10):
        answer = as_alice.get("/dashboard/")
    cards = answer.context["page"].contests
    assert len(cards) == 21
    assert [card.name for card in cards if card.is_live] == ["Friday quiz"]
    assert "Charlie" not in answer.content.decode()


def test_games_of_the_api_stand_apart(as_alice: Client, alice: User, bank: list[Question]) -> None:
    make_private_contest(alice, ContestSettings(name="From the API", question_count=1))
    page = as_alice.get("/dashboard/").context["page"]
    assert (len(page.contests), [card.name for card in page.quick_games]) == (0, ["From the API"])


def test_a_player_finds_the_games_played(as_bob: Client, bob: User, charlie: User, contest: Contest) -> None:
    pin = open_pin(contest)
    end_game(pin, charlie, bob)
    [played] = as_bob.get("/dashboard/").context["page"].played
    assert (played.contest_name, played.rank, played.score, played.player_count) == ("Friday quiz", 2, 0, 2)
    assert played.results_url == f"/dashboard/contest/{pin.game_id}/results"


def test_nobody_gets_in_without_an_account(anyone: Client) -> None:
    assert anyone.get("/dashboard/")["Location"] == "/accounts/login/?next=/dashboard/"
    assert anyone.get("/dashboard")["Location"] == "/dashboard/"


def test_it_refuses_posts(as_alice: Client) -> None:
    assert as_alice.post("/dashboard/").status_code == 405


def test_contests_played_alone_show_how_they_go(as_alice: Client, alice: User, bank: list[Question]) -> None:
    def next_step() -> str:
        return str(as_alice.get("/dashboard/").context["page"].next_step.kind)

    now = timezone.now()
    settings = ContestSettings(name="Exam", contest_type="standard", question_count=3)
    later = replace(settings, opens_at=now + timedelta(hours=1), closes_at=now + timedelta(hours=2))
    create_contest(alice, later)
    assert next_step() == "see_contest"
    create_contest(alice, replace(settings, closes_at=now + timedelta(hours=1)))
    assert next_step() == "watch_contest"
    assert "Exam" in as_alice.get("/dashboard/").content.decode()


def test_contests_that_one_takes_part_in_are_listed_until_they_close(
    as_bob: Client, bob: User, alice: User, bank: list[Question]
) -> None:
    now = timezone.now()
    for name, opens_in, closes_in in (("Later", 1, 9), ("Now", 0, 5), ("Not mine", 0, 5)):
        settings = ContestSettings(
            name=name,
            contest_type="standard",
            question_count=1,
            opens_at=now + timedelta(hours=opens_in),
            closes_at=now + timedelta(hours=closes_in),
        )
        contest = create_contest(alice, settings)
        if name != "Not mine":
            access.join(contest, of_account(bob))
    joined = as_bob.get("/dashboard/").context["page"].joined
    assert [(one.name, one.organiser, one.is_open) for one in joined] == [
        ("Now", "Alice", True),
        ("Later", "Alice", False),
    ]
    Contest.objects.filter(name="Now").update(opens_at=now - timedelta(hours=2), closes_at=now - timedelta(hours=1))
    page = as_bob.get("/dashboard/")
    assert [one.name for one in page.context["page"].joined] == ["Later"]
    assert page.context["page"].joined[0].lobby_url in page.content.decode()
