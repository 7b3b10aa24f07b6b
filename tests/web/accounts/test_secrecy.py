"""Nobody learns whether an address has an account, and no address stands in a log or in a URL."""

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from momentum.web.accounts.models import User
from momentum.web.accounts.queries import check_credentials
from momentum.web.mail.models import Mail

from ..cast import PASSWORD, written
from ..conftest import browser

KNOWN, CLAIMED, UNKNOWN = "bob@example.org", "claimed@example.org", "nobody@example.org"
HEADLESS = "/_allauth/app/v1"
DRAWN = [
    re.compile(pattern)
    for pattern in (
        r'name="csrfmiddlewaretoken" value="\w+"',
        r'"(session_token|id)": "[^"]+"',
        r'datetime="[^"]+"',
        r'"at": [\d.]+',
    )
]
"""What is drawn by lot or tells the time."""


@dataclass
class Seen:
    """What a caller sees of an answer, with the address and what is drawn by lot left out, and what it took."""

    status: int
    headers: dict[str, str]
    body: list[str]
    hashings: int


class CountingHasher(MD5PasswordHasher):
    """Quick, and says how often it was asked."""

    hashings = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.hashings += 1
        return super().encode(password, salt)


@pytest.fixture(autouse=True)
def counting(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]


@pytest.fixture(autouse=True)
def people(bob: User) -> None:
    """Bob has confirmed an address, somebody has only claimed one."""
    EmailAddress.objects.create(user=bob, email=KNOWN, primary=True, verified=True)
    claimant = User.objects.create_user("Claimant", CLAIMED, PASSWORD)
    EmailAddress.objects.create(user=claimant, email=CLAIMED, primary=True)


@pytest.fixture(params=["optional", "mandatory"])
def verification(request: pytest.FixtureRequest, settings: Settings) -> str:
    settings.ACCOUNT_EMAIL_VERIFICATION = request.param
    return str(request.param)


def look(send: Callable[[str], Any], address: str, number: int) -> Seen:
    cache.clear()
    before = CountingHasher.hashings
    answer = send(address)
    body = answer.content.decode().replace(address, "ADDRESS").replace(f"Newcomer {number}", "NAME")
    for drawn in DRAWN:
        body = drawn.sub("", body)
    kept = ("Location", "Content-Type", "Retry-After")
    return Seen(
        answer.status_code,
        {name: answer[name] for name in kept if name in answer},
        body.splitlines(),
        CountingHasher.hashings - before,
    )


def all_alike(send: Callable[[str, int], Any]) -> Seen:
    seen = [
        look(lambda address, n=number: send(address, n), address, number)  # type: ignore[misc]
        for number, address in enumerate((KNOWN, CLAIMED, UNKNOWN))
    ]
    assert seen[0] == seen[1] == seen[2]
    return seen[0]


def test_signing_up(verification: str) -> None:
    def form(address: str, number: int) -> Any:
        sign_up = {"username": f"Newcomer {number}", "email": address, "password1": PASSWORD}
        return Client().post("/accounts/signup/", sign_up)

    seen = all_alike(form)
    assert seen.headers["Location"] == ("/dashboard/" if verification == "optional" else "/accounts/confirm-email/")
    assert seen.hashings == 1
    assert Mail.objects.count() == 3


def test_signing_up_over_the_api(verification: str) -> None:
    def call(address: str, number: int) -> Any:
        body = {"username": f"Newcomer {number}", "email": address, "password": PASSWORD}
        return Client().post(f"{HEADLESS}/auth/signup", body, content_type="application/json")

    seen = all_alike(call)
    assert seen.status == (200 if verification == "optional" else 401)
    assert seen.hashings == 1


def test_what_a_newcomer_sees_afterwards(settings: Settings) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"
    clients = {}
    for number, address in enumerate((KNOWN, CLAIMED, UNKNOWN)):
        clients[number] = Client()
        sign_up = {"username": f"Newcomer {number}", "email": address, "password1": PASSWORD}
        clients[number].post("/accounts/signup/", sign_up)
    for path in ("/accounts/", "/accounts/email/", "/dashboard/"):
        all_alike(lambda address, number, path=path: clients[number].get(path))  # type: ignore[misc]
    all_alike(lambda address, number: Client().post("/accounts/login/", {"login": address, "password": PASSWORD + "x"}))


def test_a_newcomer_takes_nothing_from_who_had_the_address(settings: Settings, bob: User) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"
    newcomer = Client()
    newcomer.post("/accounts/signup/", {"username": "Mallory", "email": KNOWN, "password1": "another phrase"})
    assert check_credentials(KNOWN, PASSWORD, "192.0.2.1") == bob
    assert check_credentials(KNOWN, "another phrase", "192.0.2.1") is None
    [link] = [word for word in written(Mail.objects.get()).split() if "/confirm-email/" in word]
    newcomer.post(link.removeprefix("http://testserver"))
    assert list(EmailAddress.objects.filter(email=KNOWN, verified=True).values_list("user", flat=True)) == [bob.pk]
    Mail.objects.all().delete()
    Client().post("/accounts/password/reset/", {"email": KNOWN})
    assert "Bob" in written(Mail.objects.get())


@pytest.mark.parametrize("path", ["/accounts/password/reset/", f"{HEADLESS}/auth/password/request"])
def test_resetting_a_password(verification: str, path: str) -> None:
    def ask(address: str, number: int) -> Any:
        if path.startswith(HEADLESS):
            return Client().post(path, {"email": address}, content_type="application/json")
        return Client().post(path, {"email": address})

    all_alike(ask)
    assert Mail.objects.count() == 3


def test_logging_in(verification: str) -> None:
    def form(address: str, number: int) -> Any:
        return Client().post("/accounts/login/", {"login": address, "password": "wrong"})

    def call(address: str, number: int) -> Any:
        body = {"email": address, "password": "wrong"}
        return Client().post(f"{HEADLESS}/auth/login", body, content_type="application/json")

    assert all_alike(form).hashings == 1
    assert all_alike(call).hashings == 1


def test_changing_the_address(verification: str, alice: User) -> None:
    EmailAddress.objects.create(user=alice, email=alice.email, primary=True, verified=True)

    def form(address: str, number: int) -> Any:
        return browser(alice).post("/accounts/email/", {"email": address, "action_add": ""})

    def call(address: str, number: int) -> Any:
        return browser(alice).post(
            "/_allauth/browser/v1/account/email", {"email": address}, content_type="application/json"
        )

    all_alike(form)
    all_alike(call)
    assert Mail.objects.count() == 6


def test_nobody_signs_up_in_fewer_questions_to_the_database_than_half(settings: Settings) -> None:
    """The password takes longest by far; what is written takes the rest."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    counts = []
    for number, address in enumerate((KNOWN, UNKNOWN)):
        sign_up = {"username": f"Newcomer {number}", "email": address, "password1": PASSWORD}
        with CaptureQueriesContext(connection) as queries:
            Client().post("/accounts/signup/", sign_up)
        counts.append(len(queries))
    assert counts[0] > counts[1] / 2


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Every logger says more than it does in production, where warnings are the least."""
    loggers = [logging.getLogger(name) for name in ("", *logging.root.manager.loggerDict)]
    levels = [(logger, logger.level, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.propagate = True
        logger.setLevel(logging.INFO)
    caplog.handler.setLevel(logging.INFO)
    yield caplog
    for logger, level, propagate in levels:
        logger.setLevel(level)
        logger.propagate = propagate


def test_no_address_stands_in_a_log_or_a_url(
    everything_logged: pytest.LogCaptureFixture, settings: Settings, alice: User
) -> None:
    urls: list[str] = []

    def follow(client: Client, path: str, data: dict[str, str] | None = None) -> None:
        answer = client.post(path, data, follow=True) if data is not None else client.get(path, follow=True)
        urls.extend([path, *(where for where, _status in answer.redirect_chain)])

    newcomer = Client()
    for verification in ("optional", "mandatory"):
        settings.ACCOUNT_EMAIL_VERIFICATION = verification
        for number, address in enumerate((KNOWN, UNKNOWN, "new@example.org")):
            name = f"{verification[:3]} {number}"
            follow(newcomer, "/accounts/signup/", {"username": name, "email": address, "password1": PASSWORD})
            follow(Client(), "/accounts/login/", {"login": address, "password": "wrong"})
            follow(Client(), "/accounts/login/", {"login": address, "password": PASSWORD})
            follow(Client(), "/accounts/password/reset/", {"email": address})
            newcomer = Client()
    as_alice = browser(alice)
    follow(as_alice, "/accounts/email/", {"email": KNOWN, "action_add": ""})
    follow(as_alice, "/accounts/email/", {"email": KNOWN, "action_send": ""})
    urls += [word for mail in Mail.objects.all() for word in written(mail).split() if word.startswith("http")]
    for url in list(urls):
        if "/confirm-email/" in url or "/password/reset/key/" in url:
            follow(Client(), url.removeprefix("http://testserver"))
    assert len(urls) > 30
    assert not [url for url in urls if "@" in url or "%40" in url]
    assert len(everything_logged.records) > 20
    assert not [text for text in map(written_out, everything_logged.records) if "example.org" in text]


def written_out(record: logging.LogRecord) -> str:
    return logging.Formatter().format(record)
