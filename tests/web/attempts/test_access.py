from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from momentum.web.accounts.models import User
from momentum.web.attempts import access
from momentum.web.attempts.refusals import AccountNeeded, NotOnTheList
from momentum.web.contests.models import Contest
from momentum.web.play.people import Person

from .cast import GUEST, person
from .conftest import HOUR, NOON, Clock


def lobby(contest: Contest) -> str:
    return f"/dashboard/contest/{contest.pk}/lobby"


def test_an_open_link_leads_everybody_in(standard: Contest, anyone: Client, as_bob: Client) -> None:
    assert anyone.get(lobby(standard)).status_code == 200
    assert as_bob.get(lobby(standard)).status_code == 200


def test_a_draft_is_its_organisers_alone(set_up: Callable[..., Contest], as_alice: Client, as_bob: Client) -> None:
    draft = set_up(closes_at=None)
    assert draft.status == "draft"
    assert as_alice.get(lobby(draft)).status_code == 200
    assert as_bob.get(lobby(draft)).status_code == 404


def test_only_the_pin_leads_in_where_it_is_asked_for(
    set_up: Callable[..., Contest], as_bob: Client, anyone: Client, bob: User
) -> None:
    contest = set_up(entry="pin")
    assert as_bob.get(lobby(contest)).status_code == 404
    assert as_bob.post(f"/contest/{contest.pk}/start").status_code == 404
    pin = contest.pins.get(retired_at=None).code
    assert as_bob.post(f"/join/{pin}")["Location"] == lobby(contest)
    assert as_bob.get(lobby(contest)).status_code == 200
    assert anyone.post(f"/join/{pin}", {"name": "Gina"})["Location"] == lobby(contest)
    assert anyone.get(lobby(contest)).status_code == 200
    assert sorted(contest.participants.values_list("username", flat=True)) == ["Bob", "Gina"]


def test_a_list_lets_in_by_name_or_by_a_confirmed_address(
    set_up: Callable[..., Contest], bob: User, charlie: User
) -> None:
    contest = set_up(entry="list", allowed_people=["BOB", " Charlie@Example.org "])
    access.join(contest, person(bob))
    with pytest.raises(NotOnTheList):
        access.join(contest, person(charlie))
    EmailAddress.objects.create(user=charlie, email="charlie@example.org", verified=False)
    with pytest.raises(NotOnTheList):
        access.join(contest, person(charlie))
    EmailAddress.objects.update(verified=True)
    access.join(contest, person(charlie))
    with pytest.raises(AccountNeeded):
        access.join(contest, GUEST)


def test_the_list_is_seen_by_the_organiser_alone(
    set_up: Callable[..., Contest], as_alice: Client, as_bob: Client, as_charlie: Client
) -> None:
    contest = set_up(entry="list", allowed_people=["Bob", "carol@example.org"])
    assert "carol@example.org" in as_alice.get(f"/dashboard/contest/{contest.pk}/edit").content.decode()
    assert as_charlie.get(lobby(contest)).status_code == 404
    seen = as_bob.get(lobby(contest))
    assert seen.status_code == 200
    assert "carol@example.org" not in seen.content.decode()
    assert "carol" not in as_bob.get(f"/api/contests/{contest.pk}/lobby").content.decode()


def test_guests_stay_out_where_accounts_are_asked_for(set_up: Callable[..., Contest], anyone: Client) -> None:
    contest = set_up(access="accounts")
    assert "/accounts/signup/?next=" in anyone.get(lobby(contest)).content.decode()
    with pytest.raises(AccountNeeded):
        access.join(contest, GUEST)


def test_two_people_of_one_name_get_two_names(standard: Contest, bob: User) -> None:
    access.join(standard, Person("guest_" + "c" * 32, "bob", is_guest=True))
    assert access.join(standard, person(bob)).username == "Bob 2"
    assert access.join(standard, person(bob)).username == "Bob 2"


def test_the_pin_leads_nowhere_once_the_contest_has_closed(standard: Contest, anyone: Client, clock: Clock) -> None:
    from momentum.web.attempts import schedule

    pin = standard.pins.get().code
    assert anyone.get(f"/join/{pin}").status_code == 200
    clock.move_to(NOON + 2 * HOUR)
    schedule.close_due()
    assert anyone.get(f"/join/{pin}").status_code == 404


def test_a_stranger_finds_no_attempt_of_somebody_else(
    standard: Contest, as_bob: Client, as_charlie: Client, anyone: Client
) -> None:
    page = as_bob.post(f"/contest/{standard.pk}/start")["Location"]
    assert as_bob.get(page).status_code == 200
    for stranger in (as_charlie, anyone):
        for path in (page, f"{page}/answer", f"{page}/next"):
            answer = stranger.get(path) if path == page else stranger.post(path, {"question": "x", "option": "1"})
            assert answer.status_code == 404
