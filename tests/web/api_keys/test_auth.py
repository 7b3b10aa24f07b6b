"""What a key opens, and what no key opens."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from momentum.web.accounts.models import User
from momentum.web.api_keys import actions, misses
from momentum.web.api_keys.models import ApiKey, KeyMiss
from momentum.web.api_keys.scopes import Scope
from momentum.web.contests.models import Contest

from ..fake_realtime import FakeRealtime

Call = Callable[..., Any]
ALL = [scope.value for scope in Scope]


def test_a_key_needs_no_csrf_token_and_opens_the_calls_of_its_scope(as_key: Call, contest: Contest) -> None:
    seen = as_key(["contests:read"], "get", "/api/contests").json()
    assert [one["id"] for one in seen["contests"]] == [str(contest.pk)]
    made = as_key(["contests:write"], "post", "/api/contests", {"name": "By script"})
    assert made.status_code == 201
    assert Contest.objects.get(pk=made.json()["id"]).owner == contest.owner


def test_a_key_opens_a_game_and_its_socket(as_key: Call, contest: Contest) -> None:
    opened = as_key(["games:write"], "post", "/api/contest/create-realtime", {"contestId": str(contest.pk)})
    assert opened.status_code == 200
    ticket = as_key(["games:write"], "post", "/api/contest/token", {"contestId": opened.json()["contestId"]})
    assert (ticket.status_code, ticket.json()["role"]) == (200, "host")


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("get", "/api/contests", "contests:read"),
        ("post", "/api/contests", "contests:write"),
        ("post", "/api/contest/create-realtime", "games:write"),
        ("post", "/api/contest/token", "games:write"),
    ],
)
def test_a_scope_opens_nothing_else(as_key: Call, contest: Contest, method: str, path: str, scope: str) -> None:
    body = {"contestId": str(contest.pk)} if "contest/" in path else {"name": "New"}
    answer = as_key([one for one in ALL if one != scope], method, path, None if method == "get" else body)
    assert (answer.status_code, answer.json()["error"]) == (403, "scope_missing")
    assert scope in answer.json()["message"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", "/api/keys"), ("post", "/api/contest/go-login"), ("post", "/api/join")],
)
def test_what_belongs_to_the_account_is_not_for_keys(as_key: Call, method: str, path: str) -> None:
    body = {"pin": "123456", "username": "Ann"} if path == "/api/join" else None
    answer = as_key(ALL, method, path, body)
    assert (answer.status_code, answer.json()["error"]) == (403, "not_for_keys")


def test_a_key_cannot_revoke_keys(as_key: Call, alice: User) -> None:
    key, _token = actions.create_key(alice, "Other", ALL)
    assert as_key(ALL, "delete", f"/api/keys/{key.pk}").status_code == 403
    key.refresh_from_db()
    assert key.revoked_at is None


@pytest.mark.parametrize("path", ["/dashboard/", "/accounts/", "/accounts/keys", "/accounts/delete"])
def test_no_page_knows_a_key(as_key: Call, path: str) -> None:
    assert as_key(ALL, "get", path).status_code == 302
    assert as_key(ALL, "get", "/_allauth/app/v1/account/email").status_code == 401


def test_a_stranger_s_contest_is_not_there(as_key: Call, bob: User, contest: Contest) -> None:
    _key, token = actions.create_key(bob, "Bob's", ALL)
    assert as_key([], "get", f"/api/contests/{contest.pk}", token=token).status_code == 404


def test_a_key_beats_the_session_it_came_with(as_alice: Client, bob: User, contest: Contest) -> None:
    _key, token = actions.create_key(bob, "Bob's", ALL)
    headers = {"Authorization": f"Bearer {token}"}
    assert as_alice.get("/api/contests", headers=headers).json()["total"] == 0
    assert as_alice.get("/api/contests", headers={"Authorization": "Bearer mk_wrong"}).status_code == 401
    assert as_alice.get("/api/contests", headers={"Authorization": "Basic proxy"}).json()["total"] == 1


def test_a_revoked_an_expired_and_an_unknown_key_look_alike(as_key: Call, alice: User) -> None:
    revoked, first = actions.create_key(alice, "Revoked", ALL)
    actions.revoke_key(revoked)
    _expired, second = actions.create_key(alice, "Expired", ALL, timezone.now() - timedelta(seconds=1))
    unknown = "mk_" + "a" * 43
    answers = [as_key([], "get", "/api/contests", token=token) for token in (first, second, unknown, "x", "mk_é")]
    assert {(answer.status_code, answer.content) for answer in answers} == {(401, answers[0].content)}


def test_a_deleted_account_s_key_opens_nothing(as_key: Call, alice: User) -> None:
    _key, token = actions.create_key(alice, "Script", ALL)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert as_key([], "get", "/api/contests", token=token).status_code == 401


def test_wrong_keys_are_limited_and_a_right_one_always_passes(as_key: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(misses, "PER_MINUTE", 3)
    statuses = [as_key([], "get", "/api/contests", token="mk_" + "b" * 43).status_code for _ in range(5)]
    assert statuses == [401, 401, 401, 429, 429]
    assert KeyMiss.objects.get().count == 3
    assert as_key(["contests:read"], "get", "/api/contests").status_code == 200


def test_use_is_noted_once_a_minute(as_key: Call, alice: User) -> None:
    key, token = actions.create_key(alice, "Script", ALL)
    as_key([], "get", "/api/contests", token=token)
    key.refresh_from_db()
    first = key.last_used_at
    assert first is not None
    as_key([], "get", "/api/contests", token=token)
    key.refresh_from_db()
    assert key.last_used_at == first
    ApiKey.objects.update(last_used_at=first - timedelta(minutes=2))
    as_key([], "get", "/api/contests", token=token)
    key.refresh_from_db()
    assert key.last_used_at is not None
    assert key.last_used_at >= first


def test_revoking_a_key_that_hosts_closes_its_sockets(alice: User, realtime: FakeRealtime) -> None:
    from ..cast import work

    for scopes in (["contests:read"], ["games:write"]):
        key, _token = actions.create_key(alice, "Script", scopes)
        actions.revoke_key(key)
        actions.revoke_key(key)
    work()
    assert realtime.revoked == [str(alice.pk)]
