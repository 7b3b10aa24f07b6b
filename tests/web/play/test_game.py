from dataclasses import replace
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from momentum.web.accounts.models import User
from momentum.web.contests.models import Contest

from ..cast import content, end_game, open_pin


def path(pin: object) -> str:
    return f"/dashboard/contest/{pin.game_id}/game"  # type: ignore[attr-defined]


def test_a_player_gets_the_game_screen(
    as_bob: Client, bob: User, contest: Contest, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    pin = open_pin(contest)
    with django_assert_max_num_queries(6):
        answer = as_bob.get(path(pin))
    assert answer.status_code == 200
    assert answer.context["data"] == {
        "gameId": str(pin.game_id),
        "contestName": "Friday quiz",
        "role": "player",
        "userId": str(bob.pk),
        "username": "Bob",
        "isGuest": False,
        "hostPlays": False,
        "websocketUrl": f"ws://testserver:8080/ws/contests/{pin.game_id}",
        "tokenUrl": "/api/contest/token",
        "joinUrl": f"/join/{pin.code}",
        "resultsUrl": f"/dashboard/contest/{pin.game_id}/results",
        "lobbyUrl": None,
        "gameUrl": path(pin),
    }


def test_its_page_may_open_the_websocket_and_nothing_else(as_bob: Client, contest: Contest) -> None:
    policy = as_bob.get(path(open_pin(contest)))["Content-Security-Policy"]
    assert "connect-src 'self' ws://testserver:8080;" in policy + ";"
    assert "unsafe" not in policy


def test_the_page_has_no_token_and_no_question(as_bob: Client, contest: Contest) -> None:
    body = content(as_bob.get(path(open_pin(contest))))
    assert "eyJ" not in body
    assert "Because." not in body


def test_who_has_no_name_yet_is_sent_to_the_door(anyone: Client, contest: Contest) -> None:
    pin = open_pin(contest)
    assert anyone.get(path(pin))["Location"] == f"/join/{pin.code}"


def test_a_guest_is_sent_to_the_door_of_a_game_for_accounts(anyone: Client, contest: Contest) -> None:
    pin = open_pin(contest)
    anyone.post(f"/join/{pin.code}", {"name": "Gina"})
    Contest.objects.update(access="accounts")
    assert anyone.get(path(pin))["Location"] == f"/join/{pin.code}"


def test_a_host_who_does_not_play_is_sent_to_the_lobby(as_alice: Client, contest: Contest) -> None:
    assert as_alice.get(path(open_pin(contest)))["Location"] == f"/dashboard/contest/{contest.pk}/lobby"


def test_a_host_who_plays_gets_the_game_screen_as_host(as_alice: Client, contest: Contest) -> None:
    Contest.objects.update(host_plays=True)
    data = as_alice.get(path(open_pin(Contest.objects.get()))).context["data"]
    assert (data["role"], data["hostPlays"], data["lobbyUrl"]) == (
        "host",
        True,
        f"/dashboard/contest/{contest.pk}/lobby",
    )


def test_after_the_end_players_are_sent_to_the_results(as_bob: Client, bob: User, contest: Contest) -> None:
    pin = open_pin(contest)
    end_game(pin, bob)
    assert as_bob.get(path(pin))["Location"] == f"/dashboard/contest/{pin.game_id}/results"


def test_after_the_end_there_is_nothing_for_strangers(as_charlie: Client, bob: User, contest: Contest) -> None:
    pin = open_pin(contest)
    end_game(pin, bob)
    assert as_charlie.get(path(pin)).status_code == 404


def test_an_unknown_game_is_not_there(as_bob: Client) -> None:
    assert as_bob.get(f"/dashboard/contest/{uuid4()}/game").status_code == 404
    assert as_bob.get("/dashboard/contest/not-an-id/game").status_code == 404


def test_it_refuses_posts(as_bob: Client, contest: Contest) -> None:
    assert as_bob.post(path(open_pin(contest))).status_code == 405


@pytest.mark.parametrize(
    ("host", "secure", "expected"),
    [
        ("127.0.0.1:3000", False, "ws://127.0.0.1:8080"),
        ("[::1]:3000", False, "ws://[::1]:8080"),
        ("localhost", True, "wss://localhost:8080"),
    ],
)
def test_the_websocket_is_reached_as_the_page_was(
    as_bob: Client, contest: Contest, host: str, secure: bool, expected: str
) -> None:
    pin = open_pin(contest)
    answer = as_bob.get(path(pin), headers={"host": host}, secure=secure)
    assert answer.context["data"]["websocketUrl"] == f"{expected}/ws/contests/{pin.game_id}"
    source = "ws:" if "[" in host else expected
    assert f"connect-src 'self' {source}" in answer["Content-Security-Policy"]


def test_a_set_websocket_url_wins(as_bob: Client, contest: Contest, settings: Settings) -> None:
    settings.MOMENTUM = replace(settings.MOMENTUM, websocket_url="wss://quiz.example.org/live")
    pin = open_pin(contest)
    answer = as_bob.get(path(pin))
    assert answer.context["data"]["websocketUrl"] == f"wss://quiz.example.org/live/ws/contests/{pin.game_id}"
    assert "connect-src 'self' wss://quiz.example.org;" in answer["Content-Security-Policy"] + ";"
