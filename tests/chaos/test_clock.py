"""Clocks: the wall clock jumps, the process stands still for a while."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from .conftest import StartCluster
from .played import game_on, holds, opening, until_question

PATIENCE_S = 90.0
WALL_CLOCK = Path(__file__).parent / "wall_clock.py"
HOUR_S = 3600
TIMER_MS = 5_000
TOLERANCE_S = 1.0


def with_a_wall_clock(command: Sequence[str], **options: Any) -> "subprocess.Popen[bytes]":
    """subprocess.Popen for a process whose standard input moves its wall clock."""
    moved = (sys.executable, "-P", str(WALL_CLOCK), command[-1])
    return subprocess.Popen(moved, **{**options, "stdin": subprocess.PIPE})


def never_answers(_: object) -> None:
    return None


@pytest.mark.parametrize("hours", [1, -1], ids=["an hour later", "an hour earlier"])
def test_questions_keep_their_time_when_the_wall_clock_jumps(on_sqlite: StartCluster, hours: int) -> None:
    cluster = on_sqlite(popens=[with_a_wall_clock])
    clock = cluster.nodes[0].stdin
    assert clock
    game = game_on(cluster, {"bob": never_answers}, questions=2, timer_ms=TIMER_MS)
    playing = game.in_background()
    until_question(cluster, game, 1)
    time.sleep(1.0)
    with clock:
        clock.write(b"%d\n" % (hours * HOUR_S))
    cluster.wait_until(lambda: any(game.histories[0].of_type("QUESTION_CLOSED")), "the question closes")
    (history,) = game.histories
    opened, closed = opening(history, 1), next(history.of_type("QUESTION_CLOSED"))
    assert opened
    assert abs(closed.at - opened.at - TIMER_MS / 1000) < TOLERANCE_S
    playing.result(PATIENCE_S)
    assert holds(cluster, game)
