from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from momentum.web.accounts.models import User
from momentum.web.contests.models import Contest
from momentum.web.mail.models import Mail
from momentum.web.mail.queries import KeptMail, kept_mails

from ..cast import PASSWORD, end_game, open_pin, post_mails
from ..conftest import browser
from ..fake_realtime import FakeRealtime

NEW_PASSWORD = "quite another phrase"


@pytest.fixture(autouse=True)
def mails_kept(settings: Settings, tmp_path: Path) -> None:
    limits = replace(settings.MOMENTUM.limits, email_per_second=1000)
    settings.MOMENTUM = replace(settings.MOMENTUM, data_dir=tmp_path, email_url=None, limits=limits)


def mails() -> list[KeptMail]:
    """What has been posted, once the worker has done its work."""
    post_mails()
    return kept_mails()


def sign_up(client: Client) -> None:
    client.post("/accounts/signup/", {"username": "Dora", "email": "dora@example.org", "password1": PASSWORD})


def test_signing_up_sends_a_link_that_confirms_the_address(anyone: Client) -> None:
    sign_up(anyone)
    assert not anyone.get("/accounts/").context["page"].email_verified
    [mail] = mails()
    assert mail.to == "dora@example.org"
    [link] = [link for link in mail.links if "confirm-email" in link]
    path = link.removeprefix("http://testserver")
    assert anyone.get(path).status_code == 200
    assert not anyone.get("/accounts/").context["page"].email_verified
    anyone.post(path)
    assert anyone.get("/accounts/").context["page"].email_verified


def test_no_mail_is_lost_or_sent_by_the_site_itself(anyone: Client) -> None:
    sign_up(anyone)
    assert kept_mails() == []
    assert Mail.objects.count() == 1
    assert len(mails()) == 1


def test_a_forgotten_password_is_set_anew(anyone: Client) -> None:
    sign_up(Client())
    mails()
    assert anyone.get("/accounts/password/reset/").status_code == 200
    asked = anyone.post("/accounts/password/reset/", {"email": "dora@example.org"})
    assert asked["Location"] == "/accounts/password/reset/done/"
    assert anyone.get(asked["Location"]).status_code == 200
    mail = mails()[0]
    [link] = [link for link in mail.links if "/password/reset/key/" in link]
    form = anyone.get(link.removeprefix("http://testserver"), follow=True)
    done = anyone.post(form.request["PATH_INFO"], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert done["Location"] == "/accounts/password/reset/key/done/"
    assert Client().post("/accounts/login/", {"login": "Dora", "password": NEW_PASSWORD}).status_code == 302
    assert "set anew" in mails()[0].body
    again = Client().get(link.removeprefix("http://testserver"), follow=True)
    assert again.context["token_fail"]


def test_asking_for_an_unknown_address_tells_nothing(anyone: Client) -> None:
    sign_up(Client())
    known = anyone.post("/accounts/password/reset/", {"email": "dora@example.org"})
    unknown = anyone.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert known["Location"] == unknown["Location"]


def test_a_password_is_changed_by_who_knows_it(as_bob: Client, bob: User) -> None:
    path = "/accounts/password/change/"
    wrong = as_bob.post(path, {"oldpassword": "wrong", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert wrong.context["form"].errors["oldpassword"]
    other = browser(bob)
    as_bob.post(path, {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    bob.refresh_from_db()
    assert bob.check_password(NEW_PASSWORD)
    assert as_bob.get("/dashboard/").status_code == 200
    assert other.get("/dashboard/").status_code == 302


@pytest.mark.parametrize(
    "path", ["/accounts/", "/accounts/delete", "/accounts/password/change/", "/accounts/email/", "/accounts/sessions/"]
)
def test_pages_of_an_account_need_one(anyone: Client, as_bob: Client, path: str) -> None:
    assert anyone.get(path)["Location"].startswith("/accounts/login/")
    assert as_bob.get(path).status_code == 200


def test_the_account_page_shows_the_own_data_only(as_bob: Client, alice: User) -> None:
    body = as_bob.get("/accounts/").content.decode()
    assert "bob@example.org" in body
    assert "alice@example.org" not in body
    assert as_bob.post("/accounts/").status_code == 405


def test_deleting_an_account_keeps_its_id_and_points(
    as_bob: Client, as_alice: Client, bob: User, contest: Contest, realtime: FakeRealtime
) -> None:
    pin = open_pin(contest)
    end_game(pin, bob)
    other = browser(bob)
    assert as_bob.get("/accounts/delete").status_code == 200
    assert as_bob.post("/accounts/delete", {"password": PASSWORD})["Location"] == "/"
    bob.refresh_from_db()
    assert (bob.email, bob.is_active, bob.has_usable_password()) == ("", False, False)
    assert bob.deleted_at is not None
    assert "Bob" not in bob.username
    assert other.get("/dashboard/").status_code == 302
    assert realtime.revoked == [str(bob.pk)]
    board = as_alice.get(f"/dashboard/contest/{pin.game_id}/results").context["page"].board
    assert [(row.name, row.score) for row in board] == [("Former player", 1800)]


def test_a_deleted_account_frees_its_name_and_address(as_bob: Client) -> None:
    as_bob.post("/accounts/delete", {"password": PASSWORD})
    Client().post("/accounts/signup/", {"username": "Bob", "email": "bob@example.org", "password1": NEW_PASSWORD})
    assert User.objects.filter(username="Bob", is_active=True).exists()


def test_a_deleted_account_leaves_no_session_for_the_api(anyone: Client, bob: User, as_bob: Client) -> None:
    body = {"username": "Bob", "password": PASSWORD}
    answer = anyone.post("/_allauth/app/v1/auth/login", body, content_type="application/json")
    token = answer.json()["meta"]["session_token"]
    as_bob.post("/accounts/delete", {"password": PASSWORD})
    assert Client().get("/api/contests", headers={"X-Session-Token": token}).status_code == 401


def test_deleting_needs_the_password_and_the_form_of_this_site(as_bob: Client, bob: User) -> None:
    assert as_bob.post("/accounts/delete", {"password": "wrong"}).status_code == 400
    assert as_bob.post("/accounts/delete", {}).status_code == 400
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(bob, "allauth.account.auth_backends.AuthenticationBackend")
    assert strict.post("/accounts/delete", {"password": PASSWORD}).status_code == 403
    bob.refresh_from_db()
    assert bob.is_active


def test_guessing_the_password_there_is_limited_like_a_login(as_bob: Client, settings: Settings) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    answers = [as_bob.post("/accounts/delete", {"password": "wrong"}).status_code for _ in range(3)]
    assert answers == [400, 400, 429]
    assert as_bob.post("/accounts/delete", {"password": PASSWORD}).status_code == 429


def test_other_sessions_are_ended(as_bob: Client, bob: User, realtime: FakeRealtime) -> None:
    first, second = Client(), Client()
    for client in (first, second):
        client.post("/accounts/login/", {"login": "Bob", "password": PASSWORD})
    assert len(first.get("/accounts/sessions/").context["sessions"]) >= 2
    first.post("/accounts/sessions/")
    assert first.get("/dashboard/").status_code == 200
    assert second.get("/dashboard/").status_code == 302
    assert realtime.revoked == [str(bob.pk)]
