from dataclasses import replace
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from axes.models import AccessAttempt, AccessFailureLog
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.test import Client
from pytest_django import Settings

from momentum.web.accounts.hashers import PasswordHasher
from momentum.web.accounts.models import User
from momentum.web.accounts.queries import AddressUnverified, LoginLimited, check_credentials

from ..cast import PASSWORD
from ..fake_realtime import FakeRealtime

PATH = "/accounts/login/"
HEADLESS = "/_allauth/app/v1/auth/login"


def login(client: Client, name: str, password: str = PASSWORD, address: str = "192.0.2.1") -> int:
    return client.post(PATH, {"login": name, "password": password}, REMOTE_ADDR=address).status_code


def headless(client: Client, name: str, password: str, address: str = "192.0.2.1") -> int:
    body = {"username": name, "password": password}
    return client.post(HEADLESS, body, content_type="application/json", REMOTE_ADDR=address).status_code


@pytest.fixture
def three_failures(settings: Settings) -> None:
    settings.AXES_FAILURE_LIMIT = 3


def confirm(user: User) -> None:
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)


@pytest.mark.parametrize("name", ["Bob", "bob", "bob@example.org", "BOB@example.org"])
def test_a_name_and_a_confirmed_address_both_log_in(anyone: Client, bob: User, name: str) -> None:
    confirm(bob)
    answer = anyone.post(PATH, {"login": name, "password": PASSWORD})
    assert answer["Location"] == "/dashboard/"
    assert anyone.get("/dashboard/").context["page"].username == "Bob"


def test_logging_in_changes_the_session(anyone: Client, bob: User) -> None:
    anyone.get("/accounts/signup/")
    session = anyone.session
    session["mine"] = 1
    session.save()
    before = session.session_key
    login(anyone, "Bob")
    assert anyone.session.session_key != before


def test_it_leads_to_no_other_site(anyone: Client, bob: User) -> None:
    for target in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        answer = Client().post(PATH, {"login": "Bob", "password": PASSWORD, "next": target})
        assert answer["Location"] == "/dashboard/"


def test_an_unknown_name_and_a_wrong_password_look_the_same(anyone: Client, bob: User) -> None:
    known = anyone.post(PATH, {"login": "Bob", "password": "wrong"})
    unknown = anyone.post(PATH, {"login": "Nobody", "password": "wrong"})
    assert known.context["form"].errors == unknown.context["form"].errors
    assert known.status_code == unknown.status_code == 200


def test_a_name_is_closed_after_too_many_failures_however_it_was_written(
    anyone: Client, bob: User, charlie: User, three_failures: None
) -> None:
    assert [login(anyone, name, "wrong") for name in ("Bob", "bob", "BOB")] == [200, 200, 429]
    assert login(anyone, "Bob") == 429
    assert login(anyone, "\uff22ob", address="198.51.100.7") == 429
    assert login(anyone, "Charlie") == 302


def test_an_address_is_closed_for_itself_so_that_a_lock_does_not_tell_whose_it_is(
    anyone: Client, bob: User, three_failures: None
) -> None:
    confirm(bob)
    for typed in ("bob@example.org", "nobody@example.org"):
        assert [login(anyone, typed, "wrong") for _ in range(3)] == [200, 200, 429]
        assert login(anyone, typed) == 429
    assert login(anyone, "Bob") == 302


def test_one_limit_holds_for_site_headless_api_and_realtime(anyone: Client, bob: User, three_failures: None) -> None:
    assert login(anyone, "Bob", "wrong") == 200
    assert headless(anyone, "Bob", "wrong") == 400
    with pytest.raises(LoginLimited):
        check_credentials("bob", "wrong", "203.0.113.5")
    assert login(anyone, "Bob") == 429
    assert headless(anyone, "Bob", PASSWORD) == 429
    with pytest.raises(LoginLimited):
        check_credentials("Bob", PASSWORD, "203.0.113.5")


def test_the_account_opens_again_after_a_while(anyone: Client, bob: User, three_failures: None) -> None:
    for _ in range(3):
        login(anyone, "Bob", "wrong")
    for attempt in AccessAttempt.objects.all():
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=attempt.attempt_time - timedelta(minutes=6))
    assert login(anyone, "Bob") == 302


def test_trying_while_it_is_closed_does_not_keep_it_closed(anyone: Client, bob: User, three_failures: None) -> None:
    for _ in range(6):
        login(anyone, "Bob", "wrong")
    assert sum(attempt.failures_since_start for attempt in AccessAttempt.objects.all()) == 3


def test_a_login_forgets_earlier_failures(anyone: Client, bob: User, three_failures: None) -> None:
    for _ in range(3):
        assert login(Client(), "Bob", "wrong") == 200
        assert login(Client(), "Bob") == 302


def test_an_address_is_limited_by_the_minute(anyone: Client, bob: User, settings: Settings) -> None:
    limits = replace(settings.MOMENTUM.limits, login_failures_per_minute_per_address=3)
    settings.MOMENTUM = replace(settings.MOMENTUM, limits=limits)
    assert [login(anyone, f"nobody{number}", "wrong") for number in range(4)] == [200, 200, 200, 429]
    assert login(anyone, "Bob") == 429
    with pytest.raises(LoginLimited):
        check_credentials("Bob", PASSWORD, "192.0.2.1")
    assert login(anyone, "Bob", address="198.51.100.7") == 302
    AccessFailureLog.objects.update(attempt_time=AccessFailureLog.objects.first().attempt_time - timedelta(minutes=2))
    assert login(anyone, "Bob") == 302


def test_headless_sessions_authenticate_the_api(anyone: Client, bob: User) -> None:
    answer = anyone.post(HEADLESS, {"username": "Bob", "password": PASSWORD}, content_type="application/json")
    token = answer.json()["meta"]["session_token"]
    api = Client(enforce_csrf_checks=True)
    assert api.get("/api/contests", headers={"X-Session-Token": token}).json() == {"contests": [], "total": 0}
    made = api.post("/api/contests", {"name": "x"}, content_type="application/json", headers={"X-Session-Token": token})
    assert made.status_code == 201
    assert api.get("/api/contests", headers={"X-Session-Token": "no" + token}).status_code == 401


def test_a_wrong_session_token_is_not_saved_by_a_cookie(as_bob: Client) -> None:
    assert as_bob.get("/api/contests", headers={"X-Session-Token": "nonsense"}).status_code == 401


def test_logging_out_asks_first_and_then_ends_session_and_sockets(
    as_bob: Client, bob: User, realtime: FakeRealtime
) -> None:
    assert as_bob.get("/accounts/logout/").status_code == 200
    assert as_bob.get("/dashboard/").status_code == 200
    assert as_bob.post("/accounts/logout/")["Location"] == "/"
    assert as_bob.get("/dashboard/").status_code == 302
    assert realtime.revoked == [str(bob.pk)]


def test_logging_out_works_while_realtime_is_down(as_bob: Client, realtime_is_down: None) -> None:
    assert as_bob.post("/accounts/logout/")["Location"] == "/"


def test_check_credentials_knows_names_and_confirmed_addresses(bob: User) -> None:
    assert check_credentials("bob@example.org", PASSWORD, "192.0.2.1") is None
    confirm(bob)
    assert check_credentials("Bob", PASSWORD, "192.0.2.1") == bob
    assert check_credentials("bob@example.org", PASSWORD, "192.0.2.1") == bob
    assert check_credentials("Bob", "wrong", "192.0.2.1") is None
    assert check_credentials("Nobody", PASSWORD, "192.0.2.1") is None
    assert check_credentials("", "", "192.0.2.1") is None


def test_a_name_with_a_nul_is_nobodys_on_every_database(anyone: Client, bob: User, three_failures: None) -> None:
    assert check_credentials("Bob\0", PASSWORD, "192.0.2.1") is None
    assert check_credentials("Bob", f"{PASSWORD}\0", "192.0.2.1") is None
    assert login(anyone, "Bob\0") == 200
    assert headless(anyone, "Bob\0", PASSWORD) == 400


def test_check_credentials_refuses_deleted_accounts(bob: User) -> None:
    User.objects.update(is_active=False)
    assert check_credentials("Bob", PASSWORD, "192.0.2.1") is None


def test_realtimes_login_demands_a_confirmed_address_where_the_site_does(bob: User, settings: Settings) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    address = EmailAddress.objects.create(user=bob, email=bob.email, primary=True, verified=False)
    assert check_credentials("Bob", "wrong", "192.0.2.1") is None
    with pytest.raises(AddressUnverified):
        check_credentials("Bob", PASSWORD, "192.0.2.1")
    EmailAddress.objects.filter(pk=address.pk).update(verified=True)
    assert check_credentials("Bob", PASSWORD, "192.0.2.1") == bob


def test_passwords_are_kept_as_owasp_asks(bob: User) -> None:
    kept = make_password(PASSWORD, hasher=PasswordHasher())
    assert kept.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert PasswordHasher().verify(PASSWORD, kept)
    assert PasswordHasher().must_update(make_password(PASSWORD, hasher=Argon2PasswordHasher()))


@pytest.mark.parametrize("path", [PATH, "/accounts/signup/", "/accounts/logout/", "/accounts/password/reset/"])
def test_forms_need_the_form_of_this_site(path: str) -> None:
    assert Client(enforce_csrf_checks=True).post(path, {}).status_code == 403
