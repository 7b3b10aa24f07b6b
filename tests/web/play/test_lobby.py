from dataclasses import replace
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from momentum.web.accounts.models import User
from momentum.web.contests.actions import ContestSettings, create_contest
from momentum.web.contests.models import Contest
from momentum.web.play.models import Pin
from momentum.web.questions.models import Question

from ..cast import end_game, open_pin
from ..fake_realtime import FakeRealtime


def path(contest: Contest) -> str:
    return f"/dashboard/contest/{contest.pk}/lobby"


def test_looking_at_it_opens_the_game(as_alice: Client, alice: User, contest: Contest, realtime: FakeRealtime) -> None:
    page = as_alice.get(path(contest)).context["page"]
    pin = Pin.objects.get()
    assert (page.state, page.game.pin, page.game.game_id) == ("open", pin.code, str(pin.game_id))
    [game] = realtime.opened
    assert (game.contest_id, game.source_contest_id) == (str(pin.game_id), str(contest.pk))
    assert [(host.user_id, host.username) for host in game.hosts] == [(str(alice.pk), "Alice")]
    assert (game.settings.pace, game.settings.max_players, game.settings.host_plays) == ("everyone", 100, False)
    assert (game.settings.timer_ms, game.settings.intermission_ms) == (15_000, 6_000)
    assert len({question.bank_id for question in game.questions}) == 3
    assert all(question.answer in question.options for question in game.questions)


def test_looking_again_finds_the_same_game(
    as_alice: Client, contest: Contest, realtime: FakeRealtime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    first = as_alice.get(path(contest)).context["page"].game
    Question.objects.update(text="changed meanwhile")
    with django_assert_max_num_queries(16):
        second = as_alice.get(path(contest)).context["page"].game
    assert (first.game_id, first.pin) == (second.game_id, second.pin)
    assert realtime.opened[0] == realtime.opened[1]


def test_it_shows_pin_link_and_qr_code(as_alice: Client, contest: Contest) -> None:
    answer = as_alice.get(path(contest))
    game = answer.context["page"].game
    body = answer.content.decode()
    assert game.pin_grouped in body
    assert f"http://testserver/join/{game.pin}" in body
    assert "<svg" in game.qr_svg
    assert game.qr_svg in body
    assert answer.context["data"]["role"] == "host"


def test_the_link_is_one_that_phones_can_open(as_alice: Client, contest: Contest, settings: Settings) -> None:
    settings.LAN_ADDRESSES = ("192.168.7.7",)
    game = as_alice.get(path(contest), headers={"host": "localhost:3000"}).context["page"].game
    assert game.join_url == f"http://192.168.7.7:3000/join/{game.pin}"
    settings.MOMENTUM = replace(settings.MOMENTUM, public_url="https://quiz.example.org")
    game = as_alice.get(path(contest)).context["page"].game
    assert game.join_url == f"https://quiz.example.org/join/{game.pin}"


def test_when_realtime_is_down_it_says_so_and_keeps_the_pin(
    as_alice: Client, contest: Contest, realtime_is_down: None, settings: Settings, realtime: FakeRealtime
) -> None:
    answer = as_alice.get(path(contest))
    assert answer.status_code == 503
    assert answer.context["page"].state == "unreachable"
    assert path(contest) in answer.content.decode()
    pin = Pin.objects.get()
    settings.MOMENTUM = replace(settings.MOMENTUM, realtime_service_url=realtime.url)
    assert as_alice.get(path(contest)).context["page"].game.game_id == str(pin.game_id)


@pytest.mark.parametrize("answer", [(500, b"oops"), (200, b"not json"), (201, b'{"contest_id": 1}'), (401, b"{}")])
def test_an_answer_that_makes_no_sense_counts_as_down(
    as_alice: Client, contest: Contest, realtime: FakeRealtime, answer: tuple[int, bytes]
) -> None:
    realtime.answer_with = answer
    assert as_alice.get(path(contest)).context["page"].state == "unreachable"


def test_after_the_game_it_offers_another_one(as_alice: Client, bob: User, contest: Contest) -> None:
    as_alice.get(path(contest))
    pin = Pin.objects.get()
    end_game(_known(pin, contest), bob)
    page = as_alice.get(path(contest)).context["page"]
    assert (page.state, page.game) == ("over", None)
    assert page.results_url == f"/dashboard/contest/{pin.game_id}/results"
    contest.refresh_from_db()
    assert contest.status == "played"
    assert as_alice.post(page.again_url)["Location"] == path(contest)
    assert as_alice.get(path(contest)).context["page"].game.game_id != str(pin.game_id)


def test_a_waiting_room_that_expired_gives_way_to_a_new_one(as_alice: Client, contest: Contest) -> None:
    pin = open_pin(contest)
    end_game(pin, questions=0)
    page = as_alice.get(path(contest)).context["page"]
    assert page.state == "open"
    assert page.game.game_id != str(pin.game_id)
    contest.refresh_from_db()
    assert contest.status == "ready"


def test_realtime_saying_that_the_game_is_over_retires_the_pin(
    as_alice: Client, contest: Contest, realtime: FakeRealtime
) -> None:
    realtime.phase = "over"
    assert as_alice.get(path(contest))["Location"] == path(contest)
    assert Pin.objects.get().retired_at is not None


def test_it_says_how_many_questions_there_are(as_alice: Client, alice: User, bank: list[Question]) -> None:
    contest = create_contest(alice, ContestSettings(name="Big", question_count=50))
    page = as_alice.get(path(contest)).context["page"]
    assert (page.state, page.available, page.wanted) == ("too_few_questions", 12, 50)
    assert not Pin.objects.exists()


def test_no_more_games_than_the_limit_are_open_at_once(
    as_alice: Client, alice: User, contest: Contest, settings: Settings
) -> None:
    settings.MOMENTUM = replace(settings.MOMENTUM, limits=replace(settings.MOMENTUM.limits, max_games_per_host=1))
    as_alice.get(path(contest))
    other = create_contest(alice, ContestSettings(name="Second", question_count=3))
    page = as_alice.get(path(other)).context["page"]
    assert page.state == "too_many_games"
    assert [card.id for card in page.active] == [contest.pk]
    end_game(_known(Pin.objects.get(), contest), questions=0)
    assert as_alice.get(path(other)).context["page"].state == "open"


def test_strangers_and_guests_have_no_lobby(as_charlie: Client, anyone: Client, contest: Contest) -> None:
    assert as_charlie.get(path(contest)).status_code == 404
    assert as_charlie.post(f"/dashboard/contest/{contest.pk}/again").status_code == 404
    assert anyone.get(path(contest))["Location"] == f"/accounts/login/?next={path(contest)}"
    assert not Pin.objects.exists()


def test_an_unknown_contest_is_not_there(as_alice: Client) -> None:
    assert as_alice.get(f"/dashboard/contest/{uuid4()}/lobby").status_code == 404


def test_it_refuses_other_methods(as_alice: Client, contest: Contest) -> None:
    assert as_alice.post(path(contest)).status_code == 405
    assert as_alice.get(f"/dashboard/contest/{contest.pk}/again").status_code == 405


def test_playing_again_needs_the_form_of_this_site(alice: User, contest: Contest) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice, "allauth.account.auth_backends.AuthenticationBackend")
    assert strict.post(f"/dashboard/contest/{contest.pk}/again").status_code == 403


def _known(pin: Pin, contest: Contest) -> Pin:
    """The fake realtime keeps no journal, so what it opened is written here."""
    return open_pin(contest)
