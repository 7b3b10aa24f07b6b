"""Clocks: the wall clock jumps, the process stands still for a while."""

import signal
import time

import pytest

from .conftest import StartCluster
from .odd_nodes import HOUR_S, moved_clock, tell
from .played import acknowledged, ended, game_on, guessers, holds, names, opening, until_question

TIMER_MS = 5_000
TOLERANCE_S = 1.0
STALL_S = 2.0


def never_answers(_: object) -> None:
    return None


@pytest.mark.parametrize("hours", [1, -1], ids=["an hour later", "an hour earlier"])
def test_questions_keep_their_time_when_the_wall_clock_jumps(on_sqlite: StartCluster, hours: int) -> None:
    cluster = on_sqlite(popens=[moved_clock])
    game = game_on(cluster, {"bob": never_answers}, questions=2, timer_ms=TIMER_MS)
    playing = game.in_background()
    until_question(cluster, game, 1)
    time.sleep(1.0)
    tell(cluster.nodes[0], hours * HOUR_S)
    cluster.wait_until(lambda: any(game.histories[0].of_type("QUESTION_CLOSED")), "the question closes")
    (history,) = game.histories
    opened, closed = opening(history, 1), next(history.of_type("QUESTION_CLOSED"))
    assert opened
    assert abs(closed.at - opened.at - TIMER_MS / 1000) < TOLERANCE_S
    assert ended(cluster, playing)
    assert holds(cluster, game)


def test_a_node_that_stood_still_for_seconds_loses_no_answer(on_sqlite: StartCluster) -> None:
    cluster = on_sqlite()
    game = game_on(cluster, guessers(names(4), 0.2, 1.5), questions=3)
    playing = game.in_background()
    for number in (1, 2, 3):
        until_question(cluster, game, number)
        cluster.nodes[0].signal(signal.SIGSTOP)
        time.sleep(STALL_S)
        cluster.nodes[0].signal(signal.SIGCONT)
    assert ended(cluster, playing)
    assert len(acknowledged(game)) == 12
    assert holds(cluster, game)
