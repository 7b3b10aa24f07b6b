"""Asking services how they are."""

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from momentum.wiring import probe
from momentum.wiring.probe import Answer

ANSWERS = {
    "/readyz": (200, b'{"key_fingerprint": "abc"}'),
    "/busy": (503, b""),
    "/page": (200, b"<html>"),
    "/list": (200, b"[1]"),
}


class Service(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, body = ANSWERS.get(self.path, (404, b""))
        if self.path == "/echo":
            status, body = 200, json.dumps({"method": self.command, "token": self.headers["Authorization"]}).encode()
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_the_fields_of_the_answer_are_read(url: str) -> None:
    assert probe.ask(f"{url}/readyz") == Answer(200, {"key_fingerprint": "abc"})


@pytest.mark.parametrize(("path", "status"), [("/page", 200), ("/list", 200), ("/busy", 503), ("/none", 404)])
def test_an_answer_without_an_object_has_no_fields(url: str, path: str, status: int) -> None:
    assert probe.ask(f"{url}{path}") == Answer(status, {})


def test_method_and_token_are_sent(url: str) -> None:
    answer = probe.ask(f"{url}/echo", method="POST", token="t")
    assert answer == Answer(200, {"method": "POST", "token": "Bearer t"})


def test_only_status_200_is_ready(url: str) -> None:
    assert probe.is_ready(f"{url}/readyz")
    assert not probe.is_ready(f"{url}/busy")


def test_a_service_is_asked_directly_whatever_proxy_is_configured(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert probe.is_ready(f"{url}/readyz")


def test_nobody_there_is_no_answer() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert probe.ask(f"http://127.0.0.1:{unused.getsockname()[1]}/") is None


def test_something_that_is_no_http_server_is_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def talk_nonsense() -> None:
            visitor, _ = listener.accept()
            with visitor:
                visitor.sendall(b"220 mail.example.org\r\n")

        thread = threading.Thread(target=talk_nonsense)
        thread.start()
        assert probe.ask(f"http://127.0.0.1:{listener.getsockname()[1]}/") is None
        thread.join()
