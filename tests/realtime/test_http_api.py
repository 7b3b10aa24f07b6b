"""Realtime's HTTP calls: each works, and refuses bad input, the wrong method, strangers and too much."""

import asyncio
import io
import json
from typing import Any

import msgspec
import pytest

from momentum.protocol.tickets import Keys, mint_internal, mint_login, mint_resume

from .fakes import Message
from .games import ALICE, BOB, GAME, OTHER, wanted
from .running import PASSWORD, Running

LOGIN = {"username": "Alice", "password": PASSWORD}
WISH = {"difficulty": "medium", "question_count": 5}


async def call(node: Running, method: str, path: str, body: object = None, token: str = "") -> tuple[int, Message]:
    """Status and JSON of an answer. `body`: bytes as they are, or something to send as JSON."""
    data = body if isinstance(body, bytes | None) else msgspec.json.encode(body)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with node.http.request(method, node.url + path, data=data, headers=headers) as answered:
        raw = await answered.read()
        return answered.status, json.loads(raw) if raw else {}


# Every call


CALLS = [
    ("POST", "/login", "", LOGIN),
    ("POST", "/api/contests", "login", WISH),
    ("POST", "/api/contests", "internal", None),
    ("POST", "/internal/revocations", "internal", {"user_id": BOB}),
    ("POST", f"/internal/games/{GAME}/end", "internal", b""),
    ("GET", "/healthz", "", None),
    ("GET", "/readyz", "", None),
    ("GET", "/metrics", "", None),
]
UNSAFE = [one for one in CALLS if one[0] == "POST"]


def token_for(node: Running, kind: str) -> str:
    return {"login": node.login, "internal": node.internal}[kind]() if kind else ""


@pytest.mark.parametrize(("right", "path"), sorted({(method, path) for method, path, _, _ in CALLS}))
async def test_every_call_has_one_method(node: Running, right: str, path: str) -> None:
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - {right}:
        async with node.http.request(method, node.url + path) as answered:
            assert answered.status == 405, method
            assert (await answered.json())["error"] == "method_not_allowed"
            assert right in answered.headers["Allow"]


@pytest.mark.parametrize(
    "path", ["/", "/api", "/api/contests/", "/ws", "/internal", "/login/", "/../etc/passwd", "/%00"]
)
async def test_there_is_nothing_else(node: Running, path: str) -> None:
    got, body = await call(node, "GET", path)
    assert (got, body["error"]) == (404, "not_found")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"[]", b"\xff", b'{"a":NaN}', b"[" * 100_000, b'{"a":' * 100_000, b'"x"', b"1e400"],
    ids=lambda body: repr(body[:10]),
)
@pytest.mark.parametrize("path", ["/login", "/api/contests", "/internal/revocations"])
async def test_a_body_of_another_form_is_refused(node: Running, path: str, body: bytes) -> None:
    got, answer = await call(node, "POST", path, body, node.internal())
    assert (got, answer["error"]) == (400, "bad_request")


@pytest.mark.parametrize("path", ["/login", "/api/contests", "/internal/revocations"])
async def test_a_body_that_is_too_large_is_refused(node: Running, path: str) -> None:
    async with node.http.post(
        node.url + path,
        data=io.BytesIO(b"x" * (1024 * 1024 + 1)),
        headers={"Authorization": f"Bearer {node.internal()}"},
    ) as answered:
        assert answered.status == 413
        assert (await answered.json())["error"] == "request_entity_too_large"


@pytest.mark.parametrize("field", ["user_id", "role", "is_admin"])
async def test_unknown_fields_are_refused(node: Running, field: str) -> None:
    for path, body, token in (
        ("/login", LOGIN, ""),
        ("/api/contests", WISH, node.login()),
        ("/internal/revocations", {"user_id": BOB}, node.internal()),
    ):
        if field not in body:
            got, _ = await call(node, "POST", path, body | {field: "x"}, token)
            assert got == 400, path


async def test_a_defect_is_told_as_one_in_json_without_details(node: Running) -> None:
    node.site.refuses = RuntimeError("a secret of the inside")
    got, answer = await call(node, "POST", "/api/contests", WISH, node.login())
    assert (got, answer["error"]) == (500, "server_error")
    assert "inside" not in json.dumps(answer)


# Tokens


def bad_tokens(node: Running) -> dict[str, str]:
    at = node._at()
    return {
        "none": "",
        "nonsense": "a.b.c",
        "not ASCII": "é",
        "forged": mint_internal(Keys(("another secret of more than 32 bytes!",)), at=at),
        "expired": mint_login(node.keys, sub=ALICE, username="Alice", at=at - 100_000),
        "a ticket": node.ticket(ALICE, "host"),
        "a resume token": mint_resume(
            node.keys, sub=ALICE, username="Alice", game_id=GAME, role="host", generation=1, at=at
        ),
    }


@pytest.mark.parametrize("kind", ["none", "nonsense", "not ASCII", "forged", "expired", "a ticket", "a resume token"])
@pytest.mark.parametrize(("method", "path", "_token", "body"), [one for one in UNSAFE if one[1] != "/login"])
async def test_calls_need_their_token(
    node: Running, method: str, path: str, _token: str, body: object, kind: str
) -> None:
    await node.open()
    got, answer = await call(node, method, path, body or wanted(OTHER), bad_tokens(node)[kind])
    assert (got, answer["error"]) == (401, "bad_token")
    assert OTHER not in node.node.manager.hubs
    assert node.node.manager.hub(GAME).game.phase.value == "lobby"


@pytest.mark.parametrize("header", ["Basic {}", "{}", "Bearer", "Bearer  {}", "bearer\t{}"])
async def test_the_token_stands_behind_its_scheme(node: Running, header: str) -> None:
    headers = {"Authorization": header.format(node.login())}
    async with node.http.post(f"{node.url}/api/contests", json=WISH, headers=headers) as answered:
        assert answered.status == 401


@pytest.mark.parametrize(
    ("path", "body"), [("/internal/revocations", {"user_id": BOB}), (f"/internal/games/{GAME}/end", b"")]
)
async def test_an_account_does_not_speak_for_the_site(node: Running, path: str, body: object) -> None:
    await node.open()
    got, answer = await call(node, "POST", path, body, node.login())
    assert (got, answer["error"]) == (403, "forbidden")
    assert node.node.manager.hub(GAME).game.phase.value == "lobby"


# POST /login


async def test_a_login_gives_a_token_that_opens_games(node: Running) -> None:
    got, answer = await call(node, "POST", "/login", LOGIN)
    node.secrets.append(answer["token"])
    assert (got, answer["user_id"], answer["username"]) == (200, "alice", "Alice")
    got, _ = await call(node, "POST", "/api/contests", WISH, answer["token"])
    assert got == 201


@pytest.mark.parametrize("login", [LOGIN | {"password": "dummy"}, LOGIN | {"username": "Charlie"}])
async def test_wrong_names_and_passwords_are_refused_alike(node: Running, login: dict[str, str]) -> None:
    got, answer = await call(node, "POST", "/login", login)
    assert (got, answer["error"]) == (401, "bad_credentials")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"username": "Alice"},
        LOGIN | {"password": None},
        LOGIN | {"password": 1},
        LOGIN | {"username": ["Alice"]},
        LOGIN | {"username": "Al\x00ice"},
        LOGIN | {"password": "x\x00"},
    ],
)
async def test_a_login_of_another_form_is_refused_before_the_site_sees_it(node: Running, body: object) -> None:
    got, answer = await call(node, "POST", "/login", body)
    assert (got, answer["error"]) == (400, "bad_request")
    assert node.site.logins == []


async def test_too_many_failed_logins_are_told_as_such(node: Running) -> None:
    answers = [await call(node, "POST", "/login", LOGIN | {"password": "dummy"}) for _ in range(6)]
    assert [got for got, _ in answers] == [401] * 5 + [429]


async def test_the_site_learns_the_address_of_who_logs_in_not_what_a_header_says(node: Running) -> None:
    async with node.http.post(f"{node.url}/login", json=LOGIN, headers={"X-Forwarded-For": "1.2.3.4"}) as answered:
        assert answered.status == 200
        node.secrets.append((await answered.json())["token"])
    assert node.site.logins == [("Alice", "127.0.0.1")]


# POST /api/contests


async def test_an_account_opens_a_game_and_hosts_it(node: Running) -> None:
    got, answer = await call(node, "POST", "/api/contests", WISH | {"pace": "everyone"}, node.login())
    assert got == 201
    assert answer["websocket_url"] == f"/ws/contests/{answer['contest_id']}"
    assert node.site.wishes[0].pace == "everyone"
    game = node.node.manager.hub(answer["contest_id"]).game
    assert list(game.hosts) == [ALICE]
    assert len(game.questions) == 5


@pytest.mark.parametrize(
    "wish",
    [
        {"question_count": 0},
        {"question_count": 51},
        {"question_count": -1},
        {"question_count": 10**6},
        {"question_count": 10**30},
        {"question_count": "5"},
        {"question_count": 5.5},
        {"question_count": True},
        {"difficulty": "impossible"},
        {"max_players": 0},
        {"max_players": 10_001},
        {"question_timer": 4},
        {"question_timer": 301},
        {"intermission": -1},
        {"pace": "slow"},
        {"reveal": "never"},
        {"host_plays": 1},
        {"name": 5},
    ],
    ids=str,
)
async def test_a_wish_out_of_bounds_is_refused_before_the_site_sees_it(node: Running, wish: dict[str, Any]) -> None:
    got, answer = await call(node, "POST", "/api/contests", WISH | wish, node.login())
    assert (got, answer["error"]) == (400, "bad_request")
    assert node.site.wishes == []


async def test_what_the_site_cannot_make_is_told_with_its_reason(node: Running) -> None:
    got, answer = await call(node, "POST", "/api/contests", WISH | {"name": "none"}, node.login())
    assert (got, answer["error"]) == (409, "too_few_questions")
    assert answer["message"].endswith(".")


async def test_an_account_has_so_many_games_and_no_more_even_if_asked_for_at_once(node: Running) -> None:
    token = node.login()
    answers = await asyncio.gather(*(call(node, "POST", "/api/contests", WISH, token) for _ in range(9)))
    assert sorted(got for got, _ in answers) == [201] * 5 + [409] * 4
    assert len(node.node.manager.hubs) == 5
    got, answer = await call(node, "POST", "/api/contests", WISH, token)
    assert (got, answer["error"]) == (409, "too_many_games")
    got, _ = await call(node, "POST", "/api/contests", WISH, node.login("dora"))
    assert got == 201, "others have their own"


async def test_games_that_could_not_be_made_do_not_count(node: Running) -> None:
    token = node.login()
    for _ in range(9):
        assert (await call(node, "POST", "/api/contests", WISH | {"name": "none"}, token))[0] == 409
    assert (await call(node, "POST", "/api/contests", WISH, token))[0] == 201


async def test_the_site_opens_a_game_once(node: Running) -> None:
    answers = [await call(node, "POST", "/api/contests", wanted(), node.internal()) for _ in range(2)]
    assert [got for got, _ in answers] == [201, 200]
    assert [body["contest_id"] for _, body in answers] == [GAME, GAME]
    assert answers[1][1]["phase"] == "lobby"


async def test_the_site_learns_that_a_game_is_over(node: Running) -> None:
    await call(node, "POST", "/api/contests", wanted(), node.internal())
    await call(node, "POST", f"/internal/games/{GAME}/end", b"", node.internal())
    got, answer = await call(node, "POST", "/api/contests", wanted(), node.internal())
    assert (got, answer["phase"]) == (200, "over")


@pytest.mark.parametrize(
    "change",
    [
        {"hosts": []},
        {"questions": []},
        {"access": "nobody"},
        {"contest_id": 1},
        {"extra": 1},
        {"settings": {"pace": "slow"}},
        {"questions": [{"text": "?"}]},
    ],
    ids=str,
)
async def test_a_game_of_another_form_is_refused(node: Running, change: dict[str, Any]) -> None:
    body = json.loads(msgspec.json.encode(wanted())) | change
    got, answer = await call(node, "POST", "/api/contests", body, node.internal())
    assert (got, answer["error"]) == (400, "bad_request")
    assert node.node.manager.hubs == {}


async def test_a_question_whose_answer_is_no_option_is_refused(node: Running) -> None:
    body = json.loads(msgspec.json.encode(wanted()))
    body["questions"][0]["answer"] = "Atlantis"
    got, _ = await call(node, "POST", "/api/contests", body, node.internal())
    assert got == 400


# The site's own calls


async def test_who_is_logged_out_is_closed_within_five_seconds(node: Running) -> None:
    await node.open()
    async with node.raw() as bob:
        await node.enter(bob, BOB)
        got, _ = await call(node, "POST", "/internal/revocations", {"user_id": BOB}, node.internal())
        assert got == 204
        assert await bob.close_code() == 4401


async def test_the_site_ends_a_game(node: Running) -> None:
    await node.open()
    async with node.raw() as bob:
        await node.enter(bob, BOB)
        got, answer = await call(node, "POST", f"/internal/games/{GAME}/end", b"", node.internal())
        assert (got, answer) == (200, {"contest_id": GAME, "phase": "over"})
        assert (await bob.until("GAME_OVER"))["reason"] == "ended_by_host"
    got, answer = await call(node, "POST", f"/internal/games/{GAME}/end", b"", node.internal())
    assert (got, answer["phase"]) == (200, "over")


async def test_a_game_that_is_not_there_cannot_be_ended(node: Running) -> None:
    got, answer = await call(node, "POST", "/internal/games/nowhere/end", b"", node.internal())
    assert (got, answer["error"]) == (404, "no_such_game")


async def test_an_end_that_is_not_kept_is_not_told(node: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    from momentum.realtime.journal.contract import JournalUnavailable

    await node.open()

    async def fail(_slices: object) -> dict[str, str]:
        raise JournalUnavailable("gone")

    monkeypatch.setattr(node.node.journal, "append", fail)
    got, answer = await call(node, "POST", f"/internal/games/{GAME}/end", b"", node.internal())
    assert (got, answer["error"]) == (503, "unavailable")
    monkeypatch.undo()


# Without the journal


async def test_without_the_journal_games_are_not_opened_and_it_is_said(node: Running) -> None:
    await node.node.journal.close()
    got, answer = await call(node, "POST", "/api/contests", wanted(), node.internal())
    assert (got, answer["error"]) == (503, "unavailable")
    assert (await call(node, "GET", "/healthz"))[0] == 200


# What operators look at


async def test_health_readiness_and_metrics(node: Running) -> None:
    await node.open()
    assert await call(node, "GET", "/healthz") == (200, {"status": "ok"})
    got, ready = await call(node, "GET", "/readyz")
    fingerprint = node.keys.fingerprint
    assert (got, ready) == (200, {"status": "ok", "key_fingerprint": fingerprint, "games": 1, "set_aside": 0})
    before = await sockets(node)
    async with node.raw() as bob:
        await node.enter(bob, BOB)
        assert await sockets(node) == before + 1
    async with node.http.get(f"{node.url}/metrics") as answered:
        told = await answered.text()
        assert answered.headers["Content-Type"].startswith("text/plain")
    for line in ("momentum_games 1.0", "momentum_append_seconds_count", "momentum_closes_total"):
        assert line in told
    assert BOB not in told
    assert GAME not in told


async def sockets(node: Running) -> float:
    """How many sockets of players the metrics tell of; in this process other nodes may have had some."""
    async with node.http.get(f"{node.url}/metrics") as answered:
        lines = (await answered.text()).splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith('momentum_sockets{role="player"}'))


async def test_a_websocket_address_tells_browsers_what_it_is(node: Running) -> None:
    async with node.http.get(f"{node.url}/ws/contests/{GAME}") as answered:
        assert answered.status == 426
        assert answered.headers["Upgrade"] == "websocket"
