import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import Settings

from momentum.protocol.tickets import REALTIME, Keys
from momentum.web.accounts.models import User
from momentum.web.contests.models import Contest
from momentum.web.play import people
from momentum.web.play.models import Pin
from momentum.web.questions.models import Question

from ..cast import end_game, open_pin, work
from ..fake_realtime import FakeRealtime

Call = Callable[..., Any]
PATHS = ["/api/contest/create-realtime", "/api/contest/token", "/api/contest/go-login"]


def claims(settings: Settings, token: str) -> Any:
    return Keys(settings.MOMENTUM.jwt_secrets).verify(token, [REALTIME], int(time.time()))


def strict(user: User) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


# create-realtime


def test_a_contests_game_is_opened_once(as_alice: Client, contest: Contest, call: Call, realtime: FakeRealtime) -> None:
    body = {"contestId": str(contest.pk), "difficulty": "mixed", "questionCount": 3}
    first, second = (call(as_alice, "post", PATHS[0], body) for _ in range(2))
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    pin = Pin.objects.get()
    url = f"ws://testserver:8080/ws/contests/{pin.game_id}"
    assert first.json() == {
        "contestId": str(pin.game_id),
        "contest_id": str(pin.game_id),
        "websocketUrl": url,
        "websocket_url": url,
        "pin": pin.code,
    }
    assert realtime.opened[0].source_contest_id == str(contest.pk)


def test_without_a_contest_a_private_one_is_made(
    as_alice: Client, bank: list[Question], call: Call, realtime: FakeRealtime
) -> None:
    answer = call(as_alice, "post", PATHS[0], {"difficulty": "easy", "questionCount": 2})
    assert answer.status_code == 200
    contest = Contest.objects.get()
    assert contest.private
    [game] = realtime.opened
    assert game.source_contest_id == str(contest.pk)
    assert (game.settings.pace, game.settings.max_players, game.settings.host_plays) == ("race", 6, True)
    assert (game.settings.intermission_ms, game.settings.timer_ms, game.settings.countdown_ms) == (4_000, 15_000, 0)
    assert {question.difficulty for question in game.questions} == {"easy"}


def test_realtimes_options_are_taken_in_camel_case(
    as_alice: Client, bank: list[Question], call: Call, realtime: FakeRealtime
) -> None:
    body = {
        "difficulty": "mixed", "questionCount": 4, "questionTimer": 20, "maxPlayers": 30, "pace": "everyone",
        "intermission": "host", "hostPlays": False, "reveal": "immediate", "lateJoin": False, "name": "Quick one",
    }  # fmt: skip
    assert call(as_alice, "post", PATHS[0], body).status_code == 200
    [game] = realtime.opened
    settings = game.settings
    assert (settings.timer_ms, settings.max_players, settings.pace, settings.intermission_ms) == (
        20_000,
        30,
        "everyone",
        None,
    )
    assert (settings.host_plays, settings.reveal, settings.late_join, game.name) == (
        False,
        "immediate",
        False,
        "Quick one",
    )


def test_settings_that_differ_from_the_contests_are_refused(as_alice: Client, contest: Contest, call: Call) -> None:
    answer = call(as_alice, "post", PATHS[0], {"contestId": str(contest.pk), "questionCount": 9})
    assert (answer.status_code, answer.json()["error"]) == (409, "settings_differ")
    assert not Pin.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {}, {"difficulty": "easy"}, {"questionCount": 3}, {"difficulty": "easy", "questionCount": True},
        {"difficulty": "easy", "questionCount": 10**6}, {"difficulty": "easy", "questionCount": -1},
        {"difficulty": "easy", "questionCount": 1, "hosts": ["me"]},
        {"difficulty": "easy", "questionCount": 1, "owner": "x"}, {"contestId": "temp"}, {"contestId": 7},
        {"difficulty": "easy", "questionCount": 1, "pace": "slow"},
    ],
)  # fmt: skip
def test_bodies_that_break_the_rules_open_nothing(
    as_alice: Client, bank: list[Question], call: Call, realtime: FakeRealtime, body: dict[str, Any]
) -> None:
    assert call(as_alice, "post", PATHS[0], body).status_code == 422
    assert realtime.opened == []
    assert not Contest.objects.exists()


def test_too_few_questions_are_counted(as_alice: Client, bank: list[Question], call: Call) -> None:
    answer = call(as_alice, "post", PATHS[0], {"difficulty": "easy", "questionCount": 5})
    assert (answer.status_code, answer.json()["error"]) == (409, "too_few_questions")
    assert "4 questions fit" in answer.json()["message"]
    assert not Contest.objects.exists()


def test_a_host_has_so_many_games_and_no_more(
    as_alice: Client, bank: list[Question], call: Call, settings: Settings
) -> None:
    settings.MOMENTUM = replace(settings.MOMENTUM, limits=replace(settings.MOMENTUM.limits, max_games_per_host=2))
    body = {"difficulty": "easy", "questionCount": 1}
    answers = [call(as_alice, "post", PATHS[0], body).status_code for _ in range(3)]
    assert answers == [200, 200, 409]
    assert Contest.objects.count() == 2


def test_only_quick_fire_contests_are_opened(as_alice: Client, contest: Contest, call: Call) -> None:
    Contest.objects.update(contest_type="marathon", status="draft")
    answer = call(as_alice, "post", PATHS[0], {"contestId": str(contest.pk)})
    assert (answer.status_code, answer.json()["error"]) == (409, "not_quick_fire")


def test_a_strangers_contest_is_not_opened(as_charlie: Client, contest: Contest, call: Call) -> None:
    for contest_id in (contest.pk, uuid4()):
        assert call(as_charlie, "post", PATHS[0], {"contestId": str(contest_id)}).status_code == 404
    assert not Pin.objects.exists()


def test_when_realtime_is_down_no_private_contest_stays(
    as_alice: Client, bank: list[Question], call: Call, realtime_is_down: None
) -> None:
    answer = call(as_alice, "post", PATHS[0], {"difficulty": "easy", "questionCount": 1})
    assert (answer.status_code, answer.json()["error"]) == (503, "realtime_unavailable")
    assert call(as_alice, "get", "/api/contests").json()["total"] == 0
    assert not Pin.objects.filter(retired_at=None).exists()


def test_a_private_game_whose_opening_was_not_understood_is_ended(
    as_alice: Client, bank: list[Question], call: Call, realtime: FakeRealtime
) -> None:
    realtime.answer_with = (200, b"not json")
    assert call(as_alice, "post", PATHS[0], {"difficulty": "easy", "questionCount": 1}).status_code == 503
    realtime.answer_with = None
    work()
    game_id = str(Pin.objects.get().game_id)
    assert realtime.ended == [game_id]


def test_asking_after_the_end_opens_another_game(as_alice: Client, bob: User, contest: Contest, call: Call) -> None:
    pin = open_pin(contest)
    end_game(pin, bob)
    assert call(as_alice, "post", PATHS[0], {"contestId": str(contest.pk)}).json()["contestId"] != str(pin.game_id)


# token


def test_a_player_gets_a_ticket(as_bob: Client, bob: User, contest: Contest, call: Call, settings: Settings) -> None:
    pin = open_pin(contest)
    answer = call(as_bob, "post", PATHS[1], {"contestId": str(pin.game_id)}).json()
    ticket = claims(settings, answer["token"])
    assert (ticket.sub, ticket.username, ticket.contest_id, ticket.role) == (
        str(bob.pk),
        "Bob",
        str(pin.game_id),
        "player",
    )
    assert ticket.exp - ticket.iat == 60
    assert answer["websocketUrl"].endswith(f"/ws/contests/{pin.game_id}")


def test_the_owner_gets_a_hosts_ticket(as_alice: Client, contest: Contest, call: Call, settings: Settings) -> None:
    pin = open_pin(contest)
    answer = call(as_alice, "post", PATHS[1], {"contestId": str(pin.game_id)}).json()
    assert claims(settings, answer["token"]).role == "host"


def test_a_guest_gets_a_ticket(anyone: Client, contest: Contest, call: Call, settings: Settings) -> None:
    pin = open_pin(contest)
    anyone.post(f"/join/{pin.code}", {"name": "Gina"})
    answer = call(anyone, "post", PATHS[1], {"contestId": str(pin.game_id)}).json()
    ticket = claims(settings, answer["token"])
    assert people.GUEST_ID.fullmatch(ticket.sub)
    assert (ticket.username, ticket.role) == ("Gina", "player")


def test_who_may_not_join_gets_no_ticket(anyone: Client, contest: Contest, call: Call) -> None:
    pin = open_pin(contest)
    anyone.post(f"/join/{pin.code}", {"name": "Gina"})
    Contest.objects.update(access="accounts")
    answer = call(anyone, "post", PATHS[1], {"contestId": str(pin.game_id)})
    assert (answer.status_code, answer.json()["error"]) == (403, "may_not_join")


def test_after_the_end_only_the_games_people_get_a_ticket(
    as_alice: Client, as_bob: Client, as_charlie: Client, bob: User, contest: Contest, call: Call
) -> None:
    pin = open_pin(contest)
    end_game(pin, bob)
    statuses = [
        call(client, "post", PATHS[1], {"contestId": str(pin.game_id)}).status_code
        for client in (as_alice, as_bob, as_charlie)
    ]
    assert statuses == [200, 200, 403]


def test_an_unknown_game_has_no_tickets(as_bob: Client, contest: Contest, call: Call) -> None:
    assert call(as_bob, "post", PATHS[1], {"contestId": str(uuid4())}).status_code == 404
    assert call(as_bob, "post", PATHS[1], {"contestId": str(contest.pk)}).status_code == 404


@pytest.mark.parametrize(
    "body",
    [{}, {"contestId": "temp"}, {"contestId": 1}, {"contestId": None}, {"contestId": str(uuid4()), "role": "host"}],
)
def test_bodies_that_break_the_rules_get_no_ticket(as_bob: Client, call: Call, body: dict[str, Any]) -> None:
    assert call(as_bob, "post", PATHS[1], body).status_code == 422


# go-login


def test_an_account_gets_a_login_token(as_bob: Client, bob: User, call: Call, settings: Settings) -> None:
    answer = call(as_bob, "post", PATHS[2]).json()
    token = claims(settings, answer["token"])
    assert (token.sub, token.username, token.contest_id) == (str(bob.pk), "Bob", None)
    assert (answer["userId"], answer["username"]) == (str(bob.pk), "Bob")


def test_a_guest_gets_no_login_token(anyone: Client, contest: Contest, call: Call) -> None:
    anyone.post(f"/join/{open_pin(contest).code}", {"name": "Gina"})
    assert call(anyone, "post", PATHS[2]).status_code == 401


# all three


@pytest.mark.parametrize("path", PATHS)
def test_nobody_gets_in_without_a_session(anyone: Client, call: Call, path: str, realtime: FakeRealtime) -> None:
    answer = call(anyone, "post", path, {"contestId": str(uuid4())})
    assert (answer.status_code, answer.json()["error"]) == (401, "not_signed_in")
    assert realtime.opened == []


@pytest.mark.parametrize("path", PATHS)
def test_cookies_ask_for_the_csrf_token(alice: User, call: Call, path: str) -> None:
    answer = call(strict(alice), "post", path, {"contestId": str(uuid4())})
    assert (answer.status_code, answer.json()["error"]) == (403, "csrf")


@pytest.mark.parametrize("path", [*PATHS, "/api/join"])
def test_other_methods_are_refused(as_alice: Client, call: Call, path: str) -> None:
    for method in ("get", "put", "patch", "delete"):
        assert call(as_alice, method, path).status_code == 405


# join


def test_a_guest_joins_with_pin_and_name(contest: Contest, call: Call, settings: Settings) -> None:
    pin = open_pin(contest)
    client = Client(enforce_csrf_checks=True)
    answer = call(client, "post", "/api/join", {"pin": pin.code, "username": "Gina"})
    assert answer.status_code == 200
    body = answer.json()
    ticket = claims(settings, body["token"])
    assert (ticket.sub, ticket.username, ticket.role) == (body["userId"], "Gina", "player")
    assert (body["contestId"], ticket.contest_id) == (str(pin.game_id), str(pin.game_id))
    assert body["websocketUrl"] == f"ws://testserver:8080/ws/contests/{pin.game_id}"


@pytest.mark.parametrize("typed", ["{} {}", " {}{} ", "{}-{}", "{}\u00a0{}"])
def test_a_pin_may_be_typed_as_it_is_shown(anyone: Client, contest: Contest, call: Call, typed: str) -> None:
    code = open_pin(contest).code
    body = {"pin": typed.format(code[:3], code[3:]), "username": "Gina"}
    assert call(anyone, "post", "/api/join", body).status_code == 200


def test_the_same_guest_regains_the_seat_and_needs_the_csrf_token(contest: Contest, call: Call) -> None:
    body = {"pin": open_pin(contest).code, "username": "Gina"}
    client = Client(enforce_csrf_checks=True)
    first = call(client, "post", "/api/join", body).json()
    assert call(client, "post", "/api/join", body).json()["error"] == "csrf"
    headers = {"X-CSRFToken": client.cookies["csrftoken"].value}
    assert call(client, "post", "/api/join", body, headers=headers).json()["userId"] == first["userId"]


def test_who_is_signed_in_joins_as_that_account(as_bob: Client, bob: User, contest: Contest, call: Call) -> None:
    answer = call(as_bob, "post", "/api/join", {"pin": open_pin(contest).code, "username": "Alice"}).json()
    assert (answer["userId"], answer["username"]) == (str(bob.pk), "Bob")
    assert call(as_bob, "post", "/api/join", {"pin": open_pin_code()}).status_code == 200


def test_a_session_cookie_asks_for_the_csrf_token(bob: User, contest: Contest, call: Call) -> None:
    answer = call(strict(bob), "post", "/api/join", {"pin": open_pin(contest).code})
    assert (answer.status_code, answer.json()["error"]) == (403, "csrf")


def test_a_form_of_another_site_cannot_join(contest: Contest) -> None:
    body = f'{{"pin": "{open_pin(contest).code}", "username": "Gina"}}'
    answer = Client().post("/api/join", body, content_type="text/plain")
    assert answer.status_code == 400
    assert people.COOKIE not in answer.cookies


@pytest.mark.parametrize("username", ["", " ", "a" * 25, "evil\u202e", None])
def test_names_that_break_the_rules_do_not_join(anyone: Client, contest: Contest, call: Call, username: object) -> None:
    answer = call(anyone, "post", "/api/join", {"pin": open_pin(contest).code, "username": username})
    assert (answer.status_code, answer.json()["error"]) == (422, "name_refused")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"pin": 123456, "username": "Gina"},
        {"pin": "1", "username": 7},
        {"pin": "1", "username": "x", "role": "host"},
    ],
)
def test_bodies_that_break_the_rules_do_not_join(anyone: Client, call: Call, body: dict[str, Any]) -> None:
    assert call(anyone, "post", "/api/join", body).status_code == 422


def test_a_contest_for_accounts_lets_no_guest_join(anyone: Client, contest: Contest, call: Call) -> None:
    Contest.objects.update(access="accounts")
    answer = call(anyone, "post", "/api/join", {"pin": open_pin(contest).code, "username": "Gina"})
    assert (answer.status_code, answer.json()["error"]) == (403, "account_needed")
    assert people.COOKIE not in answer.cookies


def test_wrong_pins_are_limited_and_right_ones_pass(
    anyone: Client, contest: Contest, call: Call, settings: Settings
) -> None:
    limits = replace(settings.MOMENTUM.limits, join_failures_per_minute_per_address=2)
    settings.MOMENTUM = replace(settings.MOMENTUM, limits=limits)
    pin = open_pin(contest)
    wrong = "999998" if pin.code == "999999" else "999999"
    answers = [call(anyone, "post", "/api/join", {"pin": wrong, "username": "G"}).json()["error"] for _ in range(3)]
    assert answers == ["unknown_pin", "unknown_pin", "too_many_pins"]
    assert call(anyone, "post", "/api/join", {"pin": pin.code, "username": "G"}).status_code == 200


def open_pin_code() -> str:
    return Pin.objects.get(retired_at=None).code
