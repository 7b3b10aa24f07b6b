"""Killing processes in the middle of questions while a game is played, and measuring what the players see of it."""

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from momentum.game.settings import Settings
from momentum.wiring.bots.player import Message

from .clients import PlayedGame, guessing
from .history import Frame, History
from .services import Installation

TIMER_MS = 10_000
SETTINGS = Settings(pace="everyone", timer_ms=TIMER_MS, intermission_ms=500, max_players=50, host_plays=False)
PROMISED_S = 3.0
INTO_QUESTION_S = 1.0
"""When, after the opening, something is killed. One player always answers later than that."""


@dataclass(frozen=True)
class Return:
    """How one player came back after a kill. Times in seconds.

    `gap_s`: from the kill to the next GAME_STATE. `clock_s`: by how much the clock of the question that was open then
    is ahead of where it stood at the kill, less what it has run since a new writer took the game: 0 where it stood
    still exactly as long as there was no writer. None: the question had closed before the player was back.
    """

    user_id: str
    gap_s: float
    clock_s: float | None


def promised_s(seconds: float = PROMISED_S) -> float:
    """The promise is for a machine that has cores for what it does; one with too much to do takes so much longer."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def game_for(installation: Installation, kills: int, players: int) -> PlayedGame:
    """A game with a question for each kill, and one more."""
    names = [f"player{number}" for number in range(1, players + 1)]
    choosers = {name: guessing(name, 0.3, 2.5) for name in names} | {"late": guessing("late", 2.0, 2.5)}
    environment, realtime_url = installation.environment, installation.realtime_url
    return PlayedGame(environment, realtime_url, SETTINGS, kills + 1, choosers)


def kill_in_question(
    installation: Installation, game: PlayedGame, number: int, kill: Callable[[], object]
) -> list[Return]:
    """Call `kill` in the middle of question `number`; returns, when all players are back, how they came."""
    installation.wait_until(lambda: all(_opening(h, number) for h in game.histories), f"question {number} opens")
    time.sleep(INTO_QUESTION_S)
    killed_at = time.monotonic()
    kill()
    installation.wait_until(lambda: all(_back(h, killed_at) for h in game.histories), "all players are back")
    taken_at = _taken_at(installation, game.id)
    return [_return(history, number, killed_at, taken_at) for history in game.histories]


def _opening(history: History, number: int) -> Frame | None:
    """The frame that showed the player the question, open."""
    return next((frame for frame in history.frames.copy() if _question(frame).get("question_number") == number), None)


def _question(frame: Frame) -> Message:
    """The open question that a frame shows, as in GAME_STATE; empty where it shows none."""
    if frame.type == "NEW_QUESTION":
        return frame.payload | {"remaining_ms": TIMER_MS}
    return (frame.type == "GAME_STATE" and frame.payload["question"]) or {}


def _back(history: History, killed_at: float) -> Frame | None:
    return next((frame for frame in history.of_type("GAME_STATE") if frame.at > killed_at), None)


def _taken_at(installation: Installation, game_id: str) -> float:
    """When the game was last taken, on the machine's monotonic clock, which all processes share."""
    with closing(sqlite3.connect(installation.games_database)) as db:
        found = db.execute(
            "SELECT mono_ms FROM journal WHERE game_id = ? AND kind = 'game_taken' ORDER BY seq DESC", (game_id,)
        )
        return int(found.fetchone()[0]) / 1000


def _return(history: History, number: int, killed_at: float, taken_at: float) -> Return:
    opening, back = _opening(history, number), _back(history, killed_at)
    assert opening and back
    before, after = _question(opening), _question(back)
    clock_s = None
    if after.get("question_id") == before["question_id"]:
        stood_at_s = before["remaining_ms"] / 1000 - (killed_at - opening.at)
        clock_s = after["remaining_ms"] / 1000 + (back.at - taken_at) - stood_at_s
    return Return(history.user_id, back.at - killed_at, clock_s)
