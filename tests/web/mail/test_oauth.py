"""Access tokens from a real small server, which can also misbehave."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest

from momentum.environment.reading import EmailOAuth
from momentum.web.mail import oauth
from momentum.web.mail.failures import MailFailure, Step
from momentum.web.mail.oauth import AccessTokens


class TokenServer:
    """Gives token-1, token-2, ... for an hour each; `answer` is what it says instead."""

    def __init__(self) -> None:
        self.forms: list[dict[str, list[str]]] = []
        self.answer: tuple[int, bytes] | None = None
        self.silent = False
        self.leave = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.forms.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                if outer.silent:
                    outer.leave.wait(10)
                good = {"access_token": f"token-{len(outer.forms)}", "expires_in": 3600}
                status, body = outer.answer or (200, json.dumps(good).encode())
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: Any, client_address: Any) -> None:
                """The other side has gone."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.account = EmailOAuth(
            f"http://127.0.0.1:{self.server.server_address[1]}/token", "client", "geheim", "refresh"
        )


@pytest.fixture
def server() -> Iterator[TokenServer]:
    running = TokenServer()
    thread = threading.Thread(target=running.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield running
    running.leave.set()
    running.server.shutdown()
    thread.join()
    running.server.server_close()


def test_a_token_is_asked_for_with_the_refresh_token_and_kept_while_it_counts(server: TokenServer) -> None:
    now = [0.0]
    tokens = AccessTokens(server.account, clock=lambda: now[0])
    assert [tokens.get(), tokens.get()] == ["token-1", "token-1"]
    [form] = server.forms
    assert {name: value for name, [value] in form.items()} == {
        "grant_type": "refresh_token",
        "client_id": "client",
        "client_secret": "geheim",
        "refresh_token": "refresh",
    }
    now[0] = 3539.0
    assert tokens.get() == "token-1"
    now[0] = 3541.0
    assert tokens.get() == "token-2"
    tokens.forget()
    assert tokens.get() == "token-3"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((400, b'{"error":"invalid_grant","error_description":"Token has been expired or revoked."}'), "invalid_grant"),
        ((500, b"<html>"), "no token"),
        ((200, b"{}"), "no token"),
        ((200, b'["a"]'), "no token"),
        ((302, b"{}"), "302"),
    ],
)
def test_a_refusal_is_told_in_words_without_secrets(server: TokenServer, answer: tuple[int, bytes], words: str) -> None:
    server.answer = answer
    with pytest.raises(MailFailure) as refused:
        AccessTokens(server.account).get()
    failure = refused.value
    assert failure.step == Step.TOKEN
    assert words in failure.words
    assert "geheim" not in failure.words
    assert failure.is_everybodys
    assert not failure.is_final


def test_a_silent_or_absent_server_is_left_in_time(server: TokenServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oauth, "STEP_S", 0.2)
    server.silent = True
    for account in (server.account, EmailOAuth("http://127.0.0.1:1/token", "c", "s", "r")):
        with pytest.raises(MailFailure) as refused:
            AccessTokens(account).get()
        assert "does not answer" in refused.value.words
