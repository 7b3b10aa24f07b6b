from dataclasses import replace

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from momentum.web.accounts.models import User
from momentum.web.contests.models import Contest
from momentum.web.play import people

from ..cast import end_game, open_pin


def test_it_names_the_contest_and_asks_for_a_name(
    anyone: Client, contest: Contest, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    pin = open_pin(contest)
    with django_assert_max_num_queries(2):
        answer = anyone.get(f"/join/{pin.code}")
    assert answer.status_code == 200
    assert "Friday quiz" in answer.content.decode()
    assert 'name="name"' in answer.content.decode()


def test_a_guest_with_a_name_is_sent_into_the_game(anyone: Client, contest: Contest) -> None:
    pin = open_pin(contest)
    answer = anyone.post(f"/join/{pin.code}", {"name": "  Gina  "})
    assert answer["Location"] == f"/dashboard/contest/{pin.game_id}/game"
    cookie = answer.cookies[people.COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert anyone.get(answer["Location"]).context["page"].username == "Gina"


def test_a_guest_who_comes_back_keeps_the_seat_even_under_another_name(anyone: Client, contest: Contest) -> None:
    pin = open_pin(contest)
    first = anyone.post(f"/join/{pin.code}", {"name": "Gina"})
    first_id = anyone.get(first["Location"]).context["data"]["userId"]
    assert 'value="Gina"' in anyone.get(f"/join/{pin.code}").content.decode()
    second = anyone.post(f"/join/{pin.code}", {"name": "Georgina"})
    data = anyone.get(second["Location"]).context["data"]
    assert (data["userId"], data["username"]) == (first_id, "Georgina")


def test_a_cookie_that_was_tampered_with_makes_a_new_guest(anyone: Client, contest: Contest) -> None:
    pin = open_pin(contest)
    anyone.cookies[people.COOKIE] = "guest_" + "0" * 32
    anyone.post(f"/join/{pin.code}", {"name": "Gina"})
    data = anyone.get(f"/dashboard/contest/{pin.game_id}/game").context["data"]
    assert data["userId"] != "guest_" + "0" * 32
    assert people.GUEST_ID.fullmatch(data["userId"])


@pytest.mark.parametrize("name", ["", "   ", "a" * 25, "evil\u202ename", "zero\u200bwidth", "z̷̡̛a̸̢l", "\x00"])
def test_names_that_break_the_rules_are_refused(anyone: Client, contest: Contest, name: str) -> None:
    answer = anyone.post(f"/join/{open_pin(contest).code}", {"name": name})
    assert answer.status_code == 400
    assert answer.context["form"].errors["name"]
    assert people.COOKIE not in answer.cookies


def test_who_is_signed_in_joins_under_the_own_name(as_bob: Client, bob: User, contest: Contest) -> None:
    pin = open_pin(contest)
    assert as_bob.get(f"/join/{pin.code}").context["form"] is None
    answer = as_bob.post(f"/join/{pin.code}", {"name": "Somebody else"})
    data = as_bob.get(answer["Location"]).context["data"]
    assert (data["userId"], data["username"]) == (str(bob.pk), "Bob")


def test_the_host_is_shown_the_way_to_the_lobby(as_alice: Client, contest: Contest) -> None:
    page = as_alice.get(f"/join/{open_pin(contest).code}").context["page"]
    assert page.is_host
    assert page.lobby_url == f"/dashboard/contest/{contest.pk}/lobby"


def test_a_contest_for_accounts_asks_guests_to_sign_in(anyone: Client, as_bob: Client, contest: Contest) -> None:
    Contest.objects.update(access="accounts")
    pin = open_pin(Contest.objects.get())
    assert anyone.get(f"/join/{pin.code}").context["page"].needs_account
    refused = anyone.post(f"/join/{pin.code}", {"name": "Gina"})
    assert refused.status_code == 403
    assert people.COOKIE not in refused.cookies
    assert not as_bob.get(f"/join/{pin.code}").context["page"].needs_account


@pytest.mark.parametrize("code", ["000000", "999999", "12", "abcdef", "1234567890123456789", "%00", "1' or '1'='1"])
def test_an_unknown_pin_gets_a_page_that_asks_again(anyone: Client, code: str) -> None:
    answer = anyone.get(f"/join/{code}")
    assert answer.status_code == 404
    assert 'name="pin"' in answer.content.decode()


def test_the_pin_of_a_game_that_is_over_is_unknown(anyone: Client, contest: Contest, bob: User) -> None:
    pin = open_pin(contest)
    end_game(pin, bob)
    assert anyone.get(f"/join/{pin.code}").status_code == 404
    pin.refresh_from_db()
    assert pin.retired_at is not None
    assert pin.played


def test_after_too_many_wrong_pins_the_right_one_still_passes(
    anyone: Client, contest: Contest, settings: Settings
) -> None:
    limits = replace(settings.MOMENTUM.limits, join_failures_per_minute_per_address=3)
    settings.MOMENTUM = replace(settings.MOMENTUM, limits=limits)
    pin = open_pin(contest)
    wrong = "999998" if pin.code == "999999" else "999999"
    assert [anyone.get(f"/join/{wrong}").status_code for _ in range(5)] == [404, 404, 404, 429, 429]
    assert anyone.get(f"/join/{pin.code}").status_code == 200
    assert anyone.get(f"/join/{wrong}", REMOTE_ADDR="203.0.113.9").status_code == 404


def test_an_account_is_limited_whatever_its_address(as_bob: Client, settings: Settings) -> None:
    limits = replace(settings.MOMENTUM.limits, join_failures_per_minute_per_address=2)
    settings.MOMENTUM = replace(settings.MOMENTUM, limits=limits)
    answers = [as_bob.get("/join/999999", REMOTE_ADDR=f"203.0.113.{last}").status_code for last in range(3)]
    assert answers == [404, 404, 429]


def test_it_refuses_other_methods(anyone: Client, contest: Contest) -> None:
    assert anyone.delete(f"/join/{open_pin(contest).code}").status_code == 405


def test_joining_needs_the_form_of_this_site(contest: Contest) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/join/{open_pin(contest).code}", {"name": "Gina"}).status_code == 403


def test_names_are_shown_as_text(anyone: Client, contest: Contest) -> None:
    Contest.objects.update(name="<img src=x onerror=alert(1)>")
    page = anyone.get(f"/join/{open_pin(contest).code}").content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
