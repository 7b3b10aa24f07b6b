"""The site's server: how it stops, and what it passes on."""

import http.client
import signal
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from subprocess import Popen

import pytest

from momentum.environment import Environment
from momentum.wiring import probe

Start = Callable[..., "Popen[str]"]
Eventually = Callable[[Callable[[], object], str], None]

# Answers /slow once the file `go` is there, and everything else with the X-Forwarded-For that it sees.
SERVE = """
import pathlib, sys, time
from momentum.wiring.web import WebServer

port, folder = int(sys.argv[1]), pathlib.Path(sys.argv[2])

def application(environ, start_response):
    if environ["PATH_INFO"] == "/slow":
        (folder / "begun").touch()
        while not (folder / "go").exists():
            time.sleep(0.01)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ.get("HTTP_X_FORWARDED_FOR", "nobody").encode()]

WebServer(application, "127.0.0.1", port).run()
"""


@pytest.fixture
def server(start: Start, environment: Environment, tmp_path: Path, eventually: Eventually) -> "Popen[str]":
    process = start("-c", SERVE, str(environment.web_port), str(tmp_path))
    url = f"http://127.0.0.1:{environment.web_port}/"
    eventually(lambda: probe.is_ready(url), "the server answers")
    return process


def get(environment: Environment, path: str, **headers: str) -> str:
    with closing(http.client.HTTPConnection("127.0.0.1", environment.web_port, timeout=30)) as connection:
        connection.request("GET", path, headers=headers)
        return connection.getresponse().read().decode()


def test_the_proxys_word_reaches_the_site_which_decides_about_it(
    server: "Popen[str]", environment: Environment
) -> None:
    assert get(environment, "/", **{"X-Forwarded-For": "203.0.113.7"}) == "203.0.113.7"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_an_idle_server_cleanly(server: "Popen[str]", number: signal.Signals) -> None:
    server.send_signal(number)
    assert server.wait(timeout=30) == 0


def test_an_open_connection_without_a_request_does_not_keep_it(server: "Popen[str]", environment: Environment) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", environment.web_port, timeout=30)) as connection:
        connection.request("GET", "/")
        connection.getresponse().read()
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=30) == 0


def test_a_request_that_is_being_answered_gets_its_answer_before_the_server_ends(
    server: "Popen[str]", environment: Environment, tmp_path: Path, eventually: Eventually
) -> None:
    answers: list[str] = []
    caller = threading.Thread(target=lambda: answers.append(get(environment, "/slow")))
    caller.start()
    eventually((tmp_path / "begun").exists, "the request is being answered")
    server.send_signal(signal.SIGTERM)
    eventually(lambda: probe.ask(f"http://127.0.0.1:{environment.web_port}/") is None, "no new request is taken")
    (tmp_path / "go").touch()
    caller.join(timeout=30)
    assert answers == ["nobody"]
    assert server.wait(timeout=30) == 0
