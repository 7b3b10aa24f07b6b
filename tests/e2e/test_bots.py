"""`momentum bots` against a running installation: Alice hosts over the API, the bots come by the PIN."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import takewhile

import pytest
from websockets.sync.client import ClientConnection, connect

from momentum.wiring.services import momentum

from .games import Organiser
from .services import Installation

PATIENCE_S = 60.0
Bots = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def bots(installation: Installation) -> Iterator[Bots]:
    """Starts `momentum bots` with these arguments; what still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            momentum("bots", *arguments),
            env=installation.variables | {"PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def alice(installation: Installation) -> Organiser:
    return Organiser(installation.web_url, "Alice")


@contextmanager
def hosted(alice: Organiser, game: dict[str, str]) -> Iterator[ClientConnection]:
    """Alice's socket to her game, admitted."""
    with connect(game["websocketUrl"]) as socket:
        socket.send(f'{{"type":"AUTHENTICATE","token":"{alice.ticket(game["contestId"])}"}}')
        assert '"GAME_STATE"' in str(socket.recv())
        yield socket


def test_bots_join_by_the_pin_play_to_the_end_and_say_how_they_did(alice: Organiser, bots: Bots) -> None:
    game = alice.open_game(alice.create_contest(questionCount=2, intermission=1))
    with hosted(alice, game) as host:
        process = bots("--pin", game["pin"], "-n", "3", "--seed", "7", "--reaction-ms", "600", "--name-prefix", "Robo")
        assert process.stdout
        entered = sorted(process.stdout.readline().strip() for _ in range(3))
        assert entered == ["Robo Ada is in", "Robo Alan is in", "Robo Annie is in"]
        host.send('{"type":"START_GAME"}')
        frames = list(takewhile(lambda frame: '"GAME_OVER"' not in str(frame), host))
    printed, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    assert sum('"NEW_QUESTION"' in str(frame) for frame in frames) == 2
    lines = printed.splitlines()
    assert [line.split(":")[0] for line in lines if line.startswith("question")][::2] == [
        "question 1 of 2",
        "question 2 of 2",
    ]
    assert lines[lines.index("the game is over") + 1].startswith("    1. Robo ")


def test_bots_who_are_removed_by_the_host_stay_away(alice: Organiser, bots: Bots) -> None:
    game = alice.open_game(alice.create_contest(questionCount=2))
    with hosted(alice, game) as host:
        process = bots("--pin", game["pin"], "-n", "1")
        joined = next(frame for frame in host if '"PLAYER_JOINED"' in str(frame))
        user_id = str(joined).partition('"user_id":"')[2].partition('"')[0]
        host.send(f'{{"type":"KICK_PLAYER","user_id":"{user_id}"}}')
        printed, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert printed.splitlines()[-1] == "Bot Ada is out: not admitted to this game"


def test_a_game_that_is_locked_says_why_bots_cannot_come_in(alice: Organiser, bots: Bots) -> None:
    game = alice.open_game(alice.create_contest(questionCount=2))
    with hosted(alice, game) as host:
        host.send('{"type":"LOCK_GAME","locked":true}')
        assert any('"GAME_LOCKED"' in str(frame) for frame in host)
        printed, _ = bots("--pin", game["pin"], "-n", "1").communicate(timeout=PATIENCE_S)
    assert printed == "Bot Ada is out: The host has locked this game. Ask the host to let you in.\n"


def test_an_unknown_pin_is_said_to_be_unknown(bots: Bots) -> None:
    process = bots("--pin", "100000")
    _, complaint = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert "PIN 100000: No open game has this PIN." in complaint


def test_a_site_that_does_not_answer_is_said_not_to(bots: Bots) -> None:
    process = bots("--pin", "100000", "--url", "http://127.0.0.1:1/")
    _, complaint = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert "No site answers at http://127.0.0.1:1: start it with momentum serve" in complaint
