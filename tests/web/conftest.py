"""Alice hosts, Bob plays, Charlie is a stranger; Gina is a guest. Realtime is a small real HTTP server."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from momentum.web.accounts.models import User
from momentum.web.contests.actions import ContestSettings, create_contest
from momentum.web.contests.models import Contest
from momentum.web.questions.models import Category, Question

from .cast import PASSWORD
from .fake_realtime import FakeRealtime

EACH = 4


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/web/" in item.path.as_posix():
            item.add_marker(pytest.mark.django_db(databases="__all__"))


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """allauth counts mails and sign-ups in the cache."""
    cache.clear()


@pytest.fixture(autouse=True)
def realtime(settings: Settings) -> Iterator[FakeRealtime]:
    with FakeRealtime(settings.MOMENTUM.jwt_secrets) as server:
        settings.MOMENTUM = replace(settings.MOMENTUM, realtime_service_url=server.url, websocket_url=None)
        yield server


@pytest.fixture
def realtime_is_down(settings: Settings) -> None:
    settings.MOMENTUM = replace(settings.MOMENTUM, realtime_service_url="http://127.0.0.1:1")


def account(name: str) -> User:
    return User.objects.create_user(name, f"{name.lower()}@example.org", PASSWORD)


@pytest.fixture
def alice() -> User:
    return account("Alice")


@pytest.fixture
def bob() -> User:
    return account("Bob")


@pytest.fixture
def charlie() -> User:
    return account("Charlie")


def browser(user: User | None = None) -> Client:
    client = Client(enforce_csrf_checks=False)
    if user:
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def anyone() -> Client:
    """A browser that nobody has signed in with."""
    return browser()


@pytest.fixture
def as_alice(alice: User) -> Client:
    return browser(alice)


@pytest.fixture
def as_bob(bob: User) -> Client:
    return browser(bob)


@pytest.fixture
def as_charlie(charlie: User) -> Client:
    return browser(charlie)


@pytest.fixture
def bank() -> list[Question]:
    """Twelve starter questions: two categories, three difficulties."""
    categories = [Category.objects.create(slug=name.lower(), name=name) for name in ("Rivers", "Towns")]
    return Question.objects.bulk_create(
        Question(
            key=f"{category.slug}-{difficulty}-{number}",
            category=category,
            difficulty=difficulty,
            text=f"{category.name} {difficulty} {number}?",
            options=["one", "two", "three", "four"],
            answer=number,
            explanation="Because.",
        )
        for category in categories
        for difficulty in ("easy", "medium", "hard")
        for number in range(2)
    )


@pytest.fixture
def contest(alice: User, bank: list[Question]) -> Contest:
    """Alice's quick fire contest of three questions."""
    return create_contest(alice, ContestSettings(name="Friday quiz", question_count=3))


@pytest.fixture
def call() -> Callable[..., Any]:
    """Calls the API with a JSON body: call(client, "post", "/api/...", {...})."""

    def send(client: Client, method: str, path: str, body: Any = None, **headers: Any) -> Any:
        data = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return getattr(client, method)(path, **data, **headers)

    return send
