"""examples/document_client.py, which knows only the oldest part of the protocol, plays against real processes."""

import re
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from .games import call
from .services import Installation

CLIENT = Path(__file__).parents[2] / "examples" / "document_client.py"
PASSWORD = "a password of some length"
PATIENCE_S = 60.0
Play = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def play(installation: Installation) -> Iterator[Play]:
    """Starts the client as somebody; what still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def start(username: str, *arguments: str, password: str = PASSWORD) -> "subprocess.Popen[str]":
        who = ("--url", installation.realtime_url, "--username", username, "--password", password)
        process = subprocess.Popen(
            (sys.executable, str(CLIENT), *who, *arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def cast(installation: Installation) -> tuple[str, str]:
    """The names of two new accounts, Alice's and Bob's."""
    names = [f"{name}-{uuid.uuid4().hex[:8]}" for name in ("alice", "bob")]
    for name in names:
        account = {"username": name, "email": f"{name}@example.org", "password": PASSWORD}
        assert call(installation.web_url, "/_allauth/app/v1/auth/signup", account).status == 200
    return names[0], names[1]


def printed_board(printed: str) -> list[tuple[int, str]]:
    """The lines after the last message: score and name."""
    _, _, board = printed.partition("Contest finished!\n")
    return [(int(score), name) for score, name in re.findall(r"^ *(\d+) (\S+)", board, re.MULTILINE)]


def saved_board(installation: Installation, game_id: str) -> list[tuple[int, str]]:
    query = "SELECT score, username FROM player_result WHERE game_id = ? ORDER BY place"
    with closing(sqlite3.connect(f"file:{installation.games_database}?mode=ro", uri=True)) as database:
        return database.execute(query, (game_id,)).fetchall()


def test_the_document_client_plays_a_game_to_its_end(
    installation: Installation, play: Play, cast: tuple[str, str]
) -> None:
    alice, bob = cast
    hosting = play(alice, "--questions", "3", "--think", "0.5")
    assert hosting.stdout
    game_id = hosting.stdout.readline().removeprefix("contest ").strip()
    joining = play(bob, "--join", game_id, "--think", "0.5")
    seen_by_bob, trouble_of_bob = joining.communicate(timeout=PATIENCE_S)
    seen_by_alice, trouble_of_alice = hosting.communicate(timeout=PATIENCE_S)
    assert (hosting.returncode, joining.returncode) == (0, 0), trouble_of_alice + trouble_of_bob
    saved = saved_board(installation, game_id)
    assert {name for _, name in saved} == {alice, bob}
    assert printed_board(seen_by_alice) == printed_board(seen_by_bob) == saved
    assert f"{bob} is here: 2 players" in seen_by_alice
    assert "Contest has started! 3 questions" in seen_by_bob
    assert [line[:3] for line in seen_by_bob.splitlines() if re.match(r"\d/3 ", line)] == ["1/3", "2/3", "3/3"]
    for seen in (seen_by_alice, seen_by_bob):
        assert seen.count("my answer: ") == 3
    results = re.findall(r"^  (right: \d|wrong)", seen_by_alice + seen_by_bob, re.MULTILINE)
    assert 3 <= len(results) <= 6, "who answers after the other one was right gets no result"


def test_the_document_client_is_told_a_wrong_password(play: Play, cast: tuple[str, str]) -> None:
    process = play(cast[0], password="another password of some length")
    _, complaint = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert "401" in complaint
    assert "bad_credentials" in complaint


def test_the_document_client_is_told_that_there_is_no_such_game(play: Play, cast: tuple[str, str]) -> None:
    process = play(cast[1], "--join", str(uuid.uuid4()))
    _, complaint = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert "4404" in complaint
