from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from pytest_django import Settings

from momentum.web.accounts.models import User
from momentum.web.attempts.models import Participant
from momentum.web.contests.actions import change_contest, delete_contest
from momentum.web.contests.models import Contest
from momentum.web.invitations import actions
from momentum.web.invitations.models import Invitation
from momentum.web.invitations.status import status_of

from ..cast import PASSWORD, content, end_game, open_pin
from ..conftest import browser
from .cast import ADA, GRACE, invite, link_to
from .conftest import DAY, HOUR, NOON, OPENING, Clock


def lobby(contest: Contest) -> str:
    return f"/dashboard/contest/{contest.pk}/lobby"


def accept(client: Client, path: str, name: str = "Ada") -> str:
    """Accept as a guest; returns where that leads."""
    client.get(path)
    assert client.post(path, {"name": name})["Location"] == path
    return str(client.get(path)["Location"])


@pytest.fixture
def path(standard: Contest) -> str:
    invite(standard, f"Ada <{ADA}>", message="Please come.")
    return link_to(ADA)


def test_the_page_says_what_it_is_and_whose(anyone: Client, path: str) -> None:
    page = anyone.get(path)
    text = page.content.decode()
    for words in ("Alice", "Exam", "Please come.", 'value="Ada"', f"/accounts/login/?next={path}", "2030-06-03T12:00"):
        assert words in text
    assert ADA not in text
    assert "no-store" in page["Cache-Control"]
    assert status_of(Invitation.objects.get(), NOON) == "queued"
    assert Invitation.objects.get().opened_at == NOON


def test_looking_at_it_accepts_nothing(anyone: Client, path: str) -> None:
    anyone.get(path)
    assert anyone.head(path).status_code == 405
    assert not Participant.objects.exists()
    assert Invitation.objects.get().accepted_at is None


def test_a_guest_accepts_and_is_in(anyone: Client, standard: Contest, path: str) -> None:
    assert accept(anyone, path) == lobby(standard)
    assert "You are in as" in anyone.get(lobby(standard)).content.decode()
    invitation = Invitation.objects.get()
    assert (invitation.accepted_by, invitation.accepted_name) == (Participant.objects.get().user_id, "Ada")


def test_a_guest_goes_on_at_another_device(anyone: Client, standard: Contest, path: str) -> None:
    accept(anyone, path)
    phone = browser()
    assert phone.get(path)["Location"] == lobby(standard)
    assert "You are in as" in phone.get(lobby(standard)).content.decode()
    assert Participant.objects.count() == 1


def test_two_invitations_opened_in_one_browser_are_two_seats(anyone: Client, standard: Contest, path: str) -> None:
    accept(anyone, path)
    invite(standard, GRACE)
    accept(anyone, link_to(GRACE), "Grace")
    assert Participant.objects.count() == 2
    assert Invitation.objects.values("accepted_by").distinct().count() == 2


def test_an_account_is_taken_straight_in(as_bob: Client, bob: User, standard: Contest, path: str) -> None:
    assert as_bob.get(path)["Location"] == path
    assert as_bob.get(path)["Location"] == lobby(standard)
    assert Participant.objects.get().user_id == str(bob.pk)
    assert Invitation.objects.get().accepted_by == str(bob.pk)


def test_a_seat_of_an_account_asks_for_that_account(
    as_bob: Client, as_charlie: Client, anyone: Client, path: str
) -> None:
    as_bob.get(path)
    for other, words in ((anyone, "Log in with it"), (as_charlie, "one invitation is one seat")):
        page = other.get(path)
        assert page.status_code == 200
        assert words in page.content.decode()
        assert "Bob" not in content(page)
        other.post(path, {"name": "Mallory"})
    assert Participant.objects.count() == 1


def test_an_account_does_not_take_over_a_guests_seat(anyone: Client, as_bob: Client, path: str) -> None:
    accept(anyone, path)
    assert "one invitation is one seat" in as_bob.get(path).content.decode()
    assert Participant.objects.count() == 1


def test_who_is_in_already_uses_up_no_second_invitation(as_bob: Client, standard: Contest, path: str) -> None:
    as_bob.get(path)
    invite(standard, GRACE)
    assert as_bob.get(link_to(GRACE))["Location"] == lobby(standard)
    assert Invitation.objects.get(address=GRACE).accepted_at is None


def test_the_organiser_uses_nothing_up(as_alice: Client, standard: Contest, path: str) -> None:
    assert as_alice.get(path)["Location"] == f"/dashboard/contest/{standard.pk}/invitations"
    invitation = Invitation.objects.get()
    assert (invitation.accepted_at, invitation.opened_at) == (None, None)


def test_one_can_decline_and_think_again(anyone: Client, standard: Contest, path: str) -> None:
    assert anyone.post(f"{path}/decline")["Location"] == path
    assert status_of(Invitation.objects.get(), NOON) == "declined"
    assert "You have declined" in anyone.get(path).content.decode()
    assert accept(anyone, path) == lobby(standard)
    assert status_of(Invitation.objects.get(), NOON) == "accepted"
    anyone.post(f"{path}/decline")
    assert status_of(Invitation.objects.get(), NOON) == "accepted"


def test_unknown_expired_and_revoked_links_look_alike(
    anyone: Client, standard: Contest, path: str, clock: Clock
) -> None:
    invite(standard, GRACE)
    revoked = link_to(GRACE)
    actions.revoke(Invitation.objects.get(address=GRACE))
    clock.move_to(NOON + 31 * DAY)
    answers = [
        answer
        for dead in ("/invitation/" + "x" * 22, path, revoked)
        for answer in (anyone.get(dead), anyone.post(dead, {"name": "A"}), anyone.post(f"{dead}/decline"))
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_guessing_links_is_limited_and_right_ones_pass(
    anyone: Client, path: str, settings: Settings, standard: Contest
) -> None:
    limits = replace(settings.MOMENTUM.limits, join_failures_per_minute_per_address=3)
    settings.MOMENTUM = replace(settings.MOMENTUM, limits=limits)
    statuses = [anyone.get(f"/invitation/{number}").status_code for number in range(5)]
    assert statuses == [404, 404, 404, 429, 429]
    assert accept(anyone, path) == lobby(standard)


def test_a_seat_outlives_the_invitation(anyone: Client, standard: Contest, path: str, clock: Clock) -> None:
    accept(anyone, path)
    clock.move_to(NOON + 60 * DAY)
    assert anyone.get(path)["Location"] == lobby(standard)


@pytest.mark.parametrize("entry", ["pin", "list", "invited"])
def test_an_invitation_is_a_way_in_whatever_the_contests_own_is(
    entry: str, set_up: Callable[..., Contest], anyone: Client
) -> None:
    contest = set_up(entry=entry)
    invite(contest, ADA)
    assert accept(anyone, link_to(ADA)) == lobby(contest)
    assert anyone.get(lobby(contest)).status_code == 200
    assert browser().get(lobby(contest)).status_code == 302, "a stranger is asked to log in"


def test_only_an_invitation_leads_into_a_contest_for_invited_people(
    set_up: Callable[..., Contest], as_bob: Client, as_alice: Client
) -> None:
    contest = set_up(entry="invited")
    pin = contest.pins.get(retired_at=None).code
    assert as_bob.get(f"/join/{pin}").status_code == 404
    assert as_bob.post(f"/contest/{contest.pk}/join").status_code == 404
    assert as_bob.get(f"/api/contests/{contest.pk}/lobby").status_code == 404
    assert pin not in as_alice.get(lobby(contest)).content.decode().replace(" ", "")


def test_accounts_only_means_signing_up(
    set_up: Callable[..., Contest], anyone: Client, as_bob: Client, realtime: object
) -> None:
    contest = set_up(access="accounts")
    invite(contest, ADA)
    path = link_to(ADA)
    page = anyone.get(path).content.decode()
    assert f"/accounts/signup/?next={path}" in page
    assert 'name="name"' not in page
    assert anyone.post(path, {"name": "Ada"}).status_code == 403
    signed_up = anyone.post(
        f"/accounts/signup/?next={path}", {"username": "Ada", "email": ADA, "password1": PASSWORD, "next": path}
    )
    assert signed_up["Location"] == path
    assert anyone.get(path)["Location"] == path
    assert anyone.get(path)["Location"] == lobby(contest)


def test_what_is_over_or_cancelled_says_so(anyone: Client, standard: Contest, path: str, clock: Clock) -> None:
    clock.move_to(OPENING + 2 * HOUR)
    assert "is over or was cancelled" in anyone.get(path).content.decode()
    clock.move_to(NOON)
    delete_contest(standard)
    assert "is over or was cancelled" in anyone.get(path).content.decode()


def test_a_name_that_cannot_be_used_is_refused_with_the_reason(anyone: Client, path: str) -> None:
    answer = anyone.post(path, {"name": "\u202ebob"})
    assert answer.status_code == 400
    assert "invisible or control characters" in answer.content.decode()


class TestLive:
    """Of a quick fire contest."""

    @pytest.fixture
    def path(self, live: Contest) -> str:
        invite(live, ADA)
        return link_to(ADA)

    def test_who_comes_too_early_waits_and_is_taken_along(self, anyone: Client, live: Contest, path: str) -> None:
        anyone.post(path, {"name": "Ada"})
        page = anyone.get(path).content.decode()
        assert "this page takes you there" in page
        assert "every 30s" in page, "the planned date is two days off"
        assert anyone.get(path, headers={"HX-Request": "true"}).status_code == 204
        game = f"/dashboard/contest/{open_pin(live).game_id}/game"
        assert anyone.get(path, headers={"HX-Request": "true"})["HX-Redirect"] == game
        assert anyone.get(path)["Location"] == game

    def test_who_played_gets_the_results(self, anyone: Client, live: Contest, path: str) -> None:
        anyone.post(path, {"name": "Ada"})
        pin = open_pin(live)
        end_game(pin, Invitation.objects.get().accepted_by)
        assert anyone.get(path)["Location"] == f"/dashboard/contest/{pin.game_id}/results"

    def test_a_guest_goes_on_at_another_device(self, anyone: Client, live: Contest, path: str) -> None:
        anyone.post(path, {"name": "Ada"})
        phone = browser()
        assert "You are in as" in phone.get(path).content.decode()
        assert "momentum_guest" in phone.cookies

    def test_accounts_only(self, anyone: Client, as_bob: Client, live: Contest, path: str) -> None:
        change_contest(live, access="accounts")
        assert anyone.post(path, {"name": "Ada"}).status_code == 403
        assert as_bob.get(path)["Location"] == path
