import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

Call = Callable[..., Any]
OPEN = {
    "/api/contests": {"get", "post"},
    "/api/contests/{contest_id}": {"get", "patch", "delete"},
    "/api/contest/create-realtime": {"post"},
    "/api/contest/token": {"post"},
    "/api/contest/go-login": {"post"},
    "/api/join": {"post"},
    "/api/contests/{contest_id}/lobby": {"get"},
    "/api/contests/{contest_id}/board": {"get"},
    "/api/contests/{contest_id}/participants": {"post"},
    "/api/contests/{contest_id}/participants/{user_id}": {"patch"},
    "/api/contests/{contest_id}/attempts": {"post"},
    "/api/contests/{contest_id}/progress": {"get"},
    "/api/contests/{contest_id}/questions": {"get"},
    "/api/contests/{contest_id}/questions/{position}/void": {"post"},
    "/api/contests/{contest_id}/end": {"post"},
    "/api/contests/{contest_id}/archive": {"post"},
    "/api/attempts/{attempt_id}": {"get"},
    "/api/attempts/{attempt_id}/next": {"post"},
    "/api/attempts/{attempt_id}/answers": {"post"},
    "/api/attempts/{attempt_id}/review": {"get"},
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
    "", "join", "join/<str:code>", "favicon.ico", "healthz", "readyz", "dev/mail/", "dev/mail/<str:name>", "api/join",
    "api/docs", "api/openapi.json", "api/", "dashboard/contest/<uuid:game_id>/game",
    "dashboard/contest/<uuid:game_id>/results", "contest/<uuid:contest_id>/join", "contest/<uuid:contest_id>/start",
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
    path = "/" + re.sub(r"<(uuid|uuidstr):\w+>|<user_id>", ID, pattern).replace("<int:position>", "1")
    assert "<" not in path
    for method in ("get", "post"):
        answer = getattr(anyone, method)(path)
        sent_to_login = answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")
        assert sent_to_login or answer.status_code in (401, 405), (method, path)
