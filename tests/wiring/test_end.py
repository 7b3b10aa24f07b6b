"""`momentum end GAME`."""

import time
import uuid
from dataclasses import replace
from http import HTTPStatus

import pytest

from momentum.environment import Environment
from momentum.protocol import tickets
from momentum.protocol.tickets import Keys
from momentum.wiring import end, probe
from momentum.wiring.probe import Answer
from momentum.wiring.refusal import Refusal

GAME = str(uuid.uuid4())


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """What realtime was asked: method, address and token. It agrees."""
    calls: list[tuple[str, str, str]] = []

    def ask(url: str, *, method: str, token: str, timeout_s: float) -> Answer:
        calls.append((method, url, token))
        return Answer(HTTPStatus.OK)

    monkeypatch.setattr(probe, "ask", ask)
    return calls


def answers(monkeypatch: pytest.MonkeyPatch, answer: Answer | None) -> None:
    monkeypatch.setattr(probe, "ask", lambda *_, **__: answer)


def test_realtime_is_asked_under_an_internal_token(environment: Environment, asked: list[tuple[str, str, str]]) -> None:
    said: list[str] = []
    assert end.run(replace(environment, realtime_service_url="http://realtime:8080"), GAME.upper(), said.append) == 0
    [(method, url, token)] = asked
    assert (method, url) == ("POST", f"http://realtime:8080/internal/games/{GAME}/end")
    Keys(environment.jwt_secrets).verify(token, (tickets.INTERNAL,), int(time.time()))
    assert said == [f"The game {GAME} has ended."]


@pytest.mark.parametrize(
    ("answer", "advice"),
    [
        (None, "Realtime does not answer at http://127.0.0.1"),
        (Answer(404), "no open game"),
        (Answer(401), "the same JWT_SECRET"),
        (Answer(500), "status 500"),
    ],
)
def test_what_goes_wrong_is_said_with_advice(
    environment: Environment, monkeypatch: pytest.MonkeyPatch, answer: Answer | None, advice: str
) -> None:
    answers(monkeypatch, answer)
    with pytest.raises(Refusal, match=advice):
        end.run(environment, GAME, print)


def test_what_is_no_games_id_is_refused_without_asking(
    environment: Environment, asked: list[tuple[str, str, str]]
) -> None:
    with pytest.raises(Refusal, match="momentum status lists"):
        end.run(environment, "../readyz", print)
    assert asked == []
