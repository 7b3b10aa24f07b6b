"""The checker itself: it is content with a game that went well, and finds each thing that did not."""

import copy
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from momentum.game.settings import Settings

from .checker import violations
from .clients import PlayedGame, guessing
from .history import History
from .services import Installation

SETTINGS = Settings(pace="everyone", timer_ms=5_000, intermission_ms=100, host_plays=False)
PATIENCE_S = 60.0
Tamper = Callable[[list[History]], object]


@pytest.fixture(scope="module")
def played(installation: Installation) -> PlayedGame:
    """A game of Bob and Charlie that went well."""
    players = {name: guessing(name, 0.1, 0.2) for name in ("bob", "charlie")}
    game = PlayedGame(installation.environment, installation.realtime_url, SETTINGS, 2, players)
    game.in_background().result(PATIENCE_S)
    return game


def test_a_game_that_went_well_has_no_violations(installation: Installation, played: PlayedGame) -> None:
    assert violations(installation.games_database, played.id, played.histories) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("DELETE FROM journal WHERE kind = 'answer_given' AND user_id = 'bob'", "the journal has holes"),
        ("UPDATE player_result SET score = score + 1 WHERE user_id = 'bob'", "points in the results, the journal"),
        ("UPDATE answer_result SET points = 7 WHERE user_id = 'bob'", "points in the results, the journal"),
        ("UPDATE answer_result SET credit_ms = 99 WHERE user_id = 'bob'", "answer results are not what the journal"),
        ("UPDATE question_result SET correct = 3 - correct", "question results are not what the journal"),
        ("UPDATE player_result SET username = 'Eve' WHERE user_id = 'bob'", "the final board was"),
        ("UPDATE game SET ended_ms = NULL", "the game has ended 1 times, at None"),
    ],
)
def test_a_database_that_disagrees_is_found(
    installation: Installation, played: PlayedGame, tmp_path: Path, change: str, expected: str
) -> None:
    copied = tmp_path / "games.sqlite3"
    with closing(sqlite3.connect(installation.games_database)) as original, closing(sqlite3.connect(copied)) as db:
        original.backup(db)
        db.execute(change)
        db.commit()
    assert any(expected in found for found in violations(copied, played.id, played.histories))


def lose_the_answers(histories: list[History]) -> None:
    histories[0].answers.clear()


def claim_another_answer(histories: list[History]) -> None:
    histories[0].answers[0].option = "purple"


def claim_a_refusal(histories: list[History]) -> None:
    histories[0].answers[0].outcome = "fail"


def skip_a_frame(histories: list[History]) -> None:
    histories[0].connecting()
    histories[0].heard({"type": "PONG", "payload": {}, "seq": 2})


def go_back_in_the_journal(histories: list[History]) -> None:
    histories[0].connecting()
    histories[0].heard({"type": "PONG", "payload": {}, "seq": 1, "rev": 1})


def see_another_end(histories: list[History]) -> None:
    next(histories[0].of_type("GAME_OVER")).payload["final_scoreboard"][0]["score"] += 1


def tell_the_key(histories: list[History]) -> None:
    next(histories[0].of_type("NEW_QUESTION")).payload["correct_answer"] = "red"


def tell_the_next_question(histories: list[History]) -> None:
    first, second = histories[0].of_type("NEW_QUESTION")
    first.payload["next"] = second.payload["question_id"]


def show_a_score(histories: list[History]) -> None:
    player = {"user_id": "bob", "score": 1}
    next(histories[0].of_type("NEW_QUESTION")).payload["players"] = [player]


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [
        (lose_the_answers, "that was never sent"),
        (claim_another_answer, "'purple' was acknowledged"),
        (claim_a_refusal, "was refused, yet the journal has it"),
        (skip_a_frame, "seq 2 instead of 1"),
        (go_back_in_the_journal, "rev 1 after"),
        (see_another_end, "the final board was"),
        (tell_the_key, "tells a key"),
        (tell_the_next_question, "tells of question 2"),
        (show_a_score, "shows a score before the close"),
    ],
)
def test_a_history_that_disagrees_is_found(
    installation: Installation, played: PlayedGame, tamper: Tamper, expected: str
) -> None:
    histories = copy.deepcopy(played.histories)
    tamper(histories)
    found = violations(installation.games_database, played.id, histories)
    assert any(expected in sentence for sentence in found), found
