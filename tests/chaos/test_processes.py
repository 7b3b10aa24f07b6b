"""A single node on SQLite: killed again and again, told to end, started twice; games whose journal is unfit."""

import signal
import sqlite3
import subprocess
import time
from contextlib import closing

from tests.e2e.clients import PlayedGame

from momentum.wiring.services import momentum

from .cluster import Cluster
from .conftest import StartCluster
from .figures import measured
from .played import chance, ended, game_on, guessers, holds, names, until_question

PATIENCE_S = 90.0
KILLS = 5


def back_s(game: PlayedGame, since: float) -> float:
    """How long the last player was away."""
    return max(next(f.at for f in list(h.of_type("GAME_STATE")) if f.at > since) for h in game.histories) - since


def test_games_resume_however_often_and_whenever_realtime_is_killed(on_sqlite: StartCluster) -> None:
    cluster, random = on_sqlite(), chance()
    games = [game_on(cluster, guessers(names(3), 0.2, 2.0), questions=6) for _ in range(3)]
    playing = [game.in_background() for game in games]
    for game in games:
        until_question(cluster, game, 1)
    for _ in range(KILLS):
        time.sleep(random.uniform(0.2, 2.0))
        killed_at = time.monotonic()
        cluster.nodes[0].kill()
        cluster.wait_until(lambda: not cluster.nodes[0].is_ready(), "it is gone")
        cluster.wait_until(cluster.nodes[0].is_ready, "it is started again")
    assert ended(cluster, *playing)
    measured("realtime killed (SQLite)", "until all players are back", max(back_s(game, killed_at) for game in games))
    assert holds(cluster, *games)


def test_realtime_that_is_told_to_end_hands_its_games_to_the_next(on_sqlite: StartCluster) -> None:
    cluster = on_sqlite()
    games = [game_on(cluster, guessers(names(3), 0.2, 1.5), questions=3) for _ in range(4)]
    playing = [game.in_background() for game in games]
    for game in games:
        until_question(cluster, game, 2)
    cluster.nodes[0].signal(signal.SIGTERM)
    assert ended(cluster, *playing)
    assert cluster.nodes[0].starts == 2
    assert holds(cluster, *games)


def test_a_second_realtime_on_the_same_data_refuses_to_start(on_sqlite: StartCluster) -> None:
    cluster = on_sqlite()
    second = subprocess.run(
        momentum("realtime"), env=cluster.nodes[0].variables, capture_output=True, text=True, timeout=PATIENCE_S
    )
    assert second.returncode == 1
    assert "already runs on" in second.stderr


def change_while_it_is_away(cluster: Cluster, sql: str, game: PlayedGame) -> None:
    """Kill realtime, change its database, and have it back."""
    node = cluster.nodes[0]
    node.keep = False
    node.kill()
    cluster.wait_until(lambda: not node.is_ready(), "it is gone")
    node.stop()
    with closing(sqlite3.connect(cluster.games_database)) as database:
        database.execute(sql, (game.id,))
        database.commit()
    node.start()
    cluster.wait_until(node.is_ready, "it is started again")


def spoilt(on_sqlite: StartCluster, sql: str) -> tuple[Cluster, PlayedGame]:
    """Two games go on, and meanwhile somebody has changed the journal of one; gives the cluster and that one's id."""
    cluster = on_sqlite()
    good, bad = (game_on(cluster, guessers(names(2), 0.5, 1.5)) for _ in range(2))
    playing = good.in_background()
    until_question(cluster, good, 2)
    change_while_it_is_away(cluster, sql, bad)
    assert ended(cluster, playing)
    assert holds(cluster, good, tracebacks=True)
    return cluster, bad


def test_a_game_whose_journal_does_not_replay_stops_no_other(on_sqlite: StartCluster) -> None:
    cluster, bad = spoilt(on_sqlite, 'UPDATE journal SET body = \'{"kind":"nonsense"}\' WHERE game_id = ? AND seq = 2')
    assert bad.id in cluster.printed()


def test_a_game_of_a_newer_version_is_left_alone_and_stops_no_other(on_sqlite: StartCluster) -> None:
    cluster, bad = spoilt(on_sqlite, "UPDATE journal SET version = 99 WHERE game_id = ? AND seq = 2")
    with closing(sqlite3.connect(cluster.games_database)) as database:
        written = database.execute("SELECT count(*) FROM journal WHERE game_id = ?", (bad.id,)).fetchone()
    assert written == (2,)
