import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from ninja.operation import Operation

from momentum.web.api.auth import ApiKey, NoKey
from momentum.web.api.frame import api
from momentum.web.api_keys.scopes import Scope

Call = Callable[..., Any]
OPEN = {
    "/api/contests": {"get", "post"},
    "/api/contests/{contest_id}": {"get", "patch", "delete"},
    "/api/contest/create-realtime": {"post"},
    "/api/contest/token": {"post"},
    "/api/contest/go-login": {"post"},
    "/api/join": {"post"},
    "/api/keys": {"get"},
    "/api/keys/{key_id}": {"delete"},
    "/api/results/{source_id}": {"get"},
    "/api/results/{source_id}/questions": {"get"},
    "/api/results/{source_id}/players/{player}": {"get"},
    "/api/results/{source_id}/{table}.csv": {"get"},
    "/api/results/{source_id}/results.xlsx": {"get"},
    "/api/results/{source_id}/link": {"get", "post", "delete"},
    "/api/leaderboards/site": {"get"},
    "/api/leaderboards/organisers/{organiser_id}": {"get"},
    "/api/leaderboards/contests/{contest_id}": {"get"},
    "/api/profile": {"get", "patch"},
    "/api/profile/history": {"get"},
    "/api/players/{user_id}": {"get"},
    "/api/contests/{contest_id}/lobby": {"get"},
    "/api/contests/{contest_id}/board": {"get"},
    "/api/contests/{contest_id}/participants": {"post"},
    "/api/contests/{contest_id}/participants/{user_id}": {"patch"},
    "/api/contests/{contest_id}/attempts": {"post"},
    "/api/contests/{contest_id}/progress": {"get"},
    "/api/contests/{contest_id}/questions": {"get"},
    "/api/contests/{contest_id}/questions/{position}/void": {"post"},
    "/api/contests/{contest_id}/end": {"post"},
    "/api/contests/{contest_id}/archive": {"post", "delete"},
    "/api/contests/{contest_id}/invitations": {"get", "post"},
    "/api/contests/{contest_id}/invitations/remind": {"post"},
    "/api/contests/{contest_id}/invitations/{invitation_id}/again": {"post"},
    "/api/contests/{contest_id}/invitations/{invitation_id}/revoke": {"post"},
    "/api/attempts/{attempt_id}": {"get"},
    "/api/attempts/{attempt_id}/next": {"post"},
    "/api/attempts/{attempt_id}/answers": {"post"},
    "/api/attempts/{attempt_id}/review": {"get"},
    "/api/email/preview": {"post"},
    "/api/email/send": {"post"},
}
FOR_NEWCOMERS = {
    "/api/join",
    *(f"/api/contests/{{contest_id}}/{what}" for what in ("lobby", "board", "participants", "attempts")),
}
"""Who calls these may have no name yet."""


def test_the_description_names_every_call(anyone: Client, call: Call) -> None:
    described = call(anyone, "get", "/api/openapi.json").json()
    assert {path: set(methods) for path, methods in described["paths"].items()} == OPEN


def test_every_call_describes_its_refusals_and_its_access(anyone: Client, call: Call) -> None:
    described = call(anyone, "get", "/api/openapi.json").json()
    for path, methods in described["paths"].items():
        for method in methods.values():
            assert method["summary"]
            assert any(status.startswith("4") for status in method["responses"]), path
            assert method.get("security") or path in FOR_NEWCOMERS


def test_the_documentation_is_served_from_here(anyone: Client) -> None:
    answer = anyone.get("/api/docs")
    assert answer.status_code == 200
    body = answer.content.decode()
    assert "/static/" in body
    assert "https://" not in body
    assert "script-src 'self';" in answer["Content-Security-Policy"] + ";"


def test_an_unknown_call_is_refused_in_json(anyone: Client, call: Call) -> None:
    answer = call(anyone, "get", "/api/no-such-call")
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")


def test_health_and_readiness(anyone: Client) -> None:
    for path in ("/healthz", "/readyz"):
        assert anyone.get(path).json() == {"status": "ok"}
        assert anyone.get(path, headers={"host": "127.0.0.1:3000"}).status_code == 200
        assert anyone.post(path).status_code == 405


def test_no_answer_allows_other_origins(anyone: Client, call: Call) -> None:
    answer = call(anyone, "get", "/api/contests", headers={"origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.startswith("Access-Control")]


def names(resolver: URLResolver, prefix: str = "") -> list[str]:
    found = []
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            found += names(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            found.append(prefix + str(entry.pattern))
    return found


PUBLIC = (
    "", "join", "join/<str:code>", "favicon.ico", "healthz", "readyz", "metrics", "dev/mail/", "dev/mail/<str:name>",
    "api/join", "api/docs", "api/openapi.json", "api/", "dashboard/contest/<uuid:game_id>/game",
    "dashboard/contest/<uuid:source_id>/results", "dashboard/contest/<uuid:source_id>/results/players/<str:player>",
    "shared/<str:token>", "leaderboards/contest/<uuid:contest_id>", "leaderboards/organiser/<uuid:organiser_id>",
    "ratings/", "contest/<uuid:contest_id>/join", "contest/<uuid:contest_id>/start",
    "mail/preferences/<str:token>", "mail/unsubscribe/<str:token>/<str:category>",
    "invitation/<str:token>", "invitation/<str:token>/decline",
    "attempt/<uuid:attempt_id>", "attempt/<uuid:attempt_id>/answer", "attempt/<uuid:attempt_id>/next",
    *(f"api/contests/<uuidstr:contest_id>/{what}" for what in ("lobby", "board", "participants", "attempts")),
)  # fmt: skip
ID = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    "pattern", [name for name in names(get_resolver()) if not name.startswith(("accounts/", "_allauth/"))]
)
def test_a_page_or_call_is_closed_unless_it_is_listed_as_public(anyone: Client, pattern: str) -> None:
    if pattern in PUBLIC:
        return
    path = "/" + re.sub(r"<[^>]+>", ID, pattern.replace("<int:position>", "1"))
    for method in ("get", "post"):
        answer = getattr(anyone, method)(path)
        sent_to_login = answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")
        assert sent_to_login or answer.status_code in (401, 405), (method, path)


def operations() -> Iterator[tuple[str, Operation]]:
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                yield f"{operation.methods[0]} /api{prefix}{path}", operation


WITHOUT_ACCOUNT = {
    "POST /api/join",
    "GET /api/contests/{uuidstr:contest_id}/lobby",
    "GET /api/contests/{uuidstr:contest_id}/board",
    "POST /api/contests/{uuidstr:contest_id}/participants",
    "POST /api/contests/{uuidstr:contest_id}/attempts",
}


def test_every_call_names_the_scope_that_a_key_needs_or_is_not_for_keys() -> None:
    found = dict(operations())
    assert len(found) >= sum(len(methods) for methods in OPEN.values())
    for name, operation in found.items():
        if name not in WITHOUT_ACCOUNT:
            assert isinstance(operation.auth_param, tuple), f"{name} takes its access from elsewhere: give it its own"
            assert isinstance(operation.auth_param[-1], ApiKey | NoKey), name


def test_the_guide_to_keys_names_every_call_of_a_scope() -> None:
    guide = Path(__file__).parents[3] / "docs" / "how-to" / "api-keys.md"
    rows = {line.split("`")[1]: line for line in guide.read_text().splitlines() if line.startswith("| `")}
    assert rows.keys() == set(Scope.values)
    for name, operation in operations():
        for access in operation.auth_callbacks:
            if isinstance(access, ApiKey):
                assert f"`{re.sub('{(uuid|uuidstr|int|str):', '{', name)}`" in rows[access.scope.value]


def test_every_scope_opens_only_what_changes_as_its_name_says() -> None:
    for name, operation in operations():
        for access in operation.auth_callbacks:
            if isinstance(access, ApiKey):
                assert access.scope in Scope
                assert not name.startswith("GET") or access.scope.value.endswith(":read"), name
