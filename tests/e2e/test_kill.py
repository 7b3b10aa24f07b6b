"""Nothing is lost, whatever process is killed: real processes, and players who come back by themselves."""

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from statistics import median

from .checker import violations
from .clients import PlayedGame
from .kills import Return, game_for, kill_in_question, promised_s
from .services import Installation, is_alive

KILLS = int(os.environ.get("MOMENTUM_KILLS", "5"))
PLAYERS = 8
CLOCK_TOLERANCE_S = 1.0
PATIENCE_S = 60.0


def holds(installation: Installation, game: PlayedGame) -> bool:
    """Everything that must hold after a game; fails with what does not."""
    found = violations(installation.games_database, game.id, game.histories)
    assert not found, "\n".join(found)
    assert "Traceback" not in installation.log.read_text()
    return True


def goes_on(returns: Sequence[Return]) -> bool:
    """The same question was open for at least one player, and its clock had stood still; fails where it had not."""
    clocks = [one.clock_s for one in returns if one.clock_s is not None]
    assert clocks, "the question goes on"
    assert all(abs(clock) < CLOCK_TOLERANCE_S for clock in clocks), returns
    return True


def report(what: str, returns: Sequence[Return]) -> float:
    """Print how long the players were away; the longest of it."""
    gaps = [one.gap_s for one in returns]
    clock = max((one.clock_s for one in returns if one.clock_s is not None), key=abs)
    line = f"{what}: back after {median(gaps):.2f} s (worst {max(gaps):.2f}), clock off by {clock:+.2f} s"
    print(line)  # noqa: T201 (pytest -s shows the figures)
    return median(gaps)


def test_a_game_goes_on_each_time_realtime_is_killed_in_the_middle_of_a_question(installation: Installation) -> None:
    game = game_for(installation, KILLS, PLAYERS)
    playing = game.in_background()
    for number in range(1, KILLS + 1):
        returns = kill_in_question(installation, game, number, lambda: installation.kill("realtime"))
        assert goes_on(returns)
        assert report(f"kill {number}", returns) < promised_s()
    playing.result(PATIENCE_S)
    assert holds(installation, game)


def test_games_resume_when_the_whole_tree_was_killed_and_is_started_again(tmp_path: Path) -> None:
    with Installation(tmp_path) as installation:
        game = game_for(installation, 1, PLAYERS)
        playing = game.in_background()

        def kill_the_tree() -> None:
            services = installation.pids()
            installation.supervisor.kill()
            installation.supervisor.wait()
            installation.wait_until(lambda: not any(map(is_alive, services.values())), "no service outlives it")
            installation.start()

        returns = kill_in_question(installation, game, 1, kill_the_tree)
        assert goes_on(returns)
        report("whole tree", returns)
        playing.result(PATIENCE_S)
        assert holds(installation, game)


def test_answers_are_acknowledged_while_somebody_holds_a_write_transaction_on_the_sites_database(
    installation: Installation,
) -> None:
    game = game_for(installation, 1, PLAYERS)
    with closing(sqlite3.connect(installation.environment.data_dir / "site.sqlite3", isolation_level=None)) as site:
        site.execute("BEGIN IMMEDIATE")
        playing = game.in_background()
        playing.result(PATIENCE_S)
        site.execute("ROLLBACK")
    assert all(answer.outcome == "ok" for history in game.histories for answer in history.answers)
    assert holds(installation, game)
