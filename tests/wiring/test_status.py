"""`momentum status`."""

import time

import pytest

from momentum.environment import Environment
from momentum.web.games.models import Game, JournalEntry
from momentum.wiring import probe, status
from momentum.wiring.worker import Place

pytestmark = pytest.mark.django_db(databases="__all__")


def game(name: str, *players: str, ended_ms: int | None = None) -> None:
    Game.objects.create(id=name, name=name, created_ms=int(time.time() * 1000) - 125_000, ended_ms=ended_ms)
    JournalEntry.objects.bulk_create(
        JournalEntry(
            game_id=name,
            seq=seq,
            epoch=1,
            version=1,
            kind="player_joined",
            user_id=player,
            at_ms=0,
            mono_ms=0,
            body="{}",
        )
        for seq, player in enumerate(players)
    )


def test_nothing_running_is_said_and_is_a_failure(environment: Environment) -> None:
    said: list[str] = []
    assert status.run(environment, said.append) == 1
    assert said == [
        "site      not running, or not ready",
        "realtime  not running, or not ready",
        "worker    not running, or not ready",
        *status.disk(environment),
        "games     0 open",
        "mails     0 queued; in 7 days 0 sent, 0 failed, 0 set aside",
    ]


@pytest.mark.parametrize(
    ("free", "line"),
    [
        (12_340_000_000, "disk      12.3 GB free"),
        (500_000_000, "disk      500 MB free"),
        (499_000_000, "disk      499 MB free: free some space"),
    ],
)
def test_the_room_on_the_disk_is_said(
    environment: Environment, monkeypatch: pytest.MonkeyPatch, free: int, line: str
) -> None:
    monkeypatch.setattr(status, "free_bytes", lambda _: free)
    assert list(status.disk(environment)) == [line]


def test_all_running_is_a_success(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "is_ready", lambda _: True)
    said: list[str] = []
    with Place.take(environment.data_dir):
        assert status.run(environment, said.append) == 0
    assert said[:3] == ["site      ready", "realtime  ready", "worker    ready"]


def test_open_games_are_listed_with_who_joined_and_ended_ones_are_not() -> None:
    game("friday", "alice", "bob", "alice")  # Alice left and came back
    game("monday", "charlie", ended_ms=1)
    assert list(status.open_games()) == ["games     1 open", "  friday  friday, 2 joined, open for 2 min"]
