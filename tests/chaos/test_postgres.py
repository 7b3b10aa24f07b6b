"""Several nodes on one PostgreSQL: the owner of games is killed, stopped or cut off, and so is the database."""

import os
import signal
import time
from functools import partial
from itertools import pairwise

import psycopg
import pytest
from tests.e2e.clients import PlayedGame
from tests.e2e.kills import promised_s
from tests.postgres_server import OwnPostgres

from .clock import move, moved_clock
from .cluster import Cluster, Node
from .conftest import StartCluster
from .figures import measured
from .played import acknowledged, answers, chance, game_on, guessers, holds, names, told_to_wait, until_question

PATIENCE_S = 100.0
STOPPED_S = 5.0
AWAY_S = float(os.environ.get("MOMENTUM_AWAY_S", "8"))


def owner(cluster: Cluster, game: PlayedGame) -> str:
    with psycopg.connect(str(cluster.games_database)) as database:
        found = database.execute("SELECT node_id FROM game WHERE id = %s", (game.id,)).fetchone()
    assert found
    return str(found[0])


def epochs(cluster: Cluster, game: PlayedGame) -> list[int]:
    """Those at which the entries of the journal were written, in their order."""
    with psycopg.connect(str(cluster.games_database)) as database:
        rows = database.execute("SELECT epoch FROM journal WHERE game_id = %s ORDER BY seq", (game.id,)).fetchall()
    return [row[0] for row in rows]


def next_word_s(game: PlayedGame, since: float) -> float:
    """How long the last player waited for a word of the game."""
    return (
        max(next(f.at for f in list(h.frames) if f.at > since and f.type == "GAME_STATE") for h in game.histories)
        - since
    )


def next_acknowledgement_s(game: PlayedGame, since: float) -> float:
    return min(answer.settled_at for answer in acknowledged(game, since=since)) - since


def test_another_node_goes_on_with_the_games_of_one_that_is_killed(on_postgres: StartCluster) -> None:
    cluster = on_postgres()
    game = game_on(cluster, guessers(names(4), 0.5, 1.5))
    playing = game.in_background()
    until_question(cluster, game, 2)
    cluster.nodes[0].keep = False
    killed_at = time.monotonic()
    cluster.nodes[0].kill()
    playing.result(PATIENCE_S)
    measured("owner killed", "until all players hear of the game again", next_word_s(game, killed_at))
    assert next_word_s(game, killed_at) < promised_s()
    assert holds(cluster, game)


def test_a_node_that_has_no_games_may_be_killed_without_anybody_noticing(on_postgres: StartCluster) -> None:
    cluster = on_postgres()
    game = game_on(cluster, guessers(names(4)), questions=4)
    playing = game.in_background()
    while not playing.done():
        cluster.nodes[1].kill()
        time.sleep(0.5)
    playing.result()
    assert [history.losses for history in game.histories] == [0] * 4
    assert holds(cluster, game)


def test_an_answer_counts_once_when_the_database_is_cut_off_before_it_confirms(on_postgres: StartCluster) -> None:
    cluster = on_postgres(proxied=True)
    link, random = cluster.database_links[0], chance()
    game = game_on(cluster, guessers(names(4), 0.1, 1.0), questions=4)
    playing = game.in_background()
    until_question(cluster, game, 1)
    while not playing.done():
        link.down.cut_after = random.randrange(2_000)
        time.sleep(random.uniform(0.3, 0.9))
        link.heal()
    playing.result()
    assert link.cuts >= 3
    assert holds(cluster, game)


def test_games_outlive_any_process_of_postgresql_that_is_killed(
    on_postgres: StartCluster, postgres: OwnPostgres
) -> None:
    cluster = on_postgres()
    game = game_on(cluster, guessers(names(4), 0.3, 1.0))
    playing = game.in_background()
    until_question(cluster, game, 2)
    with psycopg.connect(postgres.url("postgres")) as database:
        rows = database.execute(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'momentum realtime: append'"
        ).fetchall()
    assert rows
    killed_at = time.monotonic()
    os.kill(rows[0][0], signal.SIGKILL)
    cluster.wait_until(lambda: told_to_wait(game), "its end is noticed")
    cluster.wait_until(postgres.is_ready, "PostgreSQL recovers")
    ready_at = time.monotonic()
    playing.result(PATIENCE_S)
    measured("backend of PostgreSQL killed", "until PostgreSQL is back by itself", ready_at - killed_at)
    measured(
        "backend of PostgreSQL killed", "from then to the next acknowledgement", next_acknowledgement_s(game, ready_at)
    )
    assert next_acknowledgement_s(game, ready_at) < promised_s()
    assert holds(cluster, game)


def test_games_go_on_when_postgresql_is_back_after_it_was_killed_whole(
    on_postgres: StartCluster, postgres: OwnPostgres
) -> None:
    cluster = on_postgres()
    game = game_on(cluster, guessers(names(4), 0.5, 1.5), timer_ms=20_000)
    playing = game.in_background()
    until_question(cluster, game, 2)
    postgres.kill()
    postgres.start()
    ready_at = time.monotonic()
    playing.result(PATIENCE_S)
    measured("PostgreSQL killed", "from its return to the next acknowledgement", next_acknowledgement_s(game, ready_at))
    assert next_acknowledgement_s(game, ready_at) < promised_s()
    assert len(acknowledged(game)) == 12
    assert holds(cluster, game)


def test_results_are_kept_once_when_the_database_is_away_at_the_end_of_a_game(
    on_postgres: StartCluster, postgres: OwnPostgres
) -> None:
    cluster = on_postgres()
    game = game_on(cluster, guessers(names(4), 0.3, 1.0), questions=2, intermission_ms=1_000)
    playing = game.in_background()
    until_question(cluster, game, 2)
    cluster.wait_until(lambda: len(answers(game)) >= 7, "nearly all have answered")
    postgres.stop()
    time.sleep(AWAY_S / 2)
    cluster.nodes[0].kill()
    time.sleep(AWAY_S / 2)
    assert not any(any(history.of_type("GAME_OVER")) for history in game.histories)
    postgres.start()
    playing.result(PATIENCE_S)
    assert holds(cluster, game)


def test_an_owner_that_stood_still_writes_and_says_nothing_when_it_wakes_up(on_postgres: StartCluster) -> None:
    cluster = on_postgres()
    game = game_on(cluster, guessers(names(4), 1.0, 2.0), timer_ms=20_000, questions=2)
    before = owner(cluster, game)
    playing = game.in_background()
    until_question(cluster, game, 1)
    stopped_at = time.monotonic()
    cluster.nodes[0].signal(signal.SIGSTOP)
    cluster.wait_until(lambda: owner(cluster, game) != before, "another node takes the game")
    taken_s = time.monotonic() - stopped_at
    time.sleep(max(0.0, STOPPED_S - taken_s))
    cluster.nodes[0].signal(signal.SIGCONT)
    playing.result(PATIENCE_S)
    measured("owner stopped", "until another node has the game", taken_s)
    assert taken_s < promised_s()
    assert all(earlier <= later for earlier, later in pairwise(epochs(cluster, game)))
    assert len(acknowledged(game)) == 8
    assert holds(cluster, game)


def test_the_games_of_an_owner_that_is_cut_off_from_the_database_go_on_elsewhere(on_postgres: StartCluster) -> None:
    cluster = on_postgres(proxied=True)
    game = game_on(cluster, guessers(names(4), 1.0, 2.0), timer_ms=20_000)
    before = owner(cluster, game)
    playing = game.in_background()
    until_question(cluster, game, 2)
    cut_at = time.monotonic()
    cluster.database_links[0].partition()
    cluster.wait_until(lambda: owner(cluster, game) != before, "another node takes the game")
    taken_s = time.monotonic() - cut_at
    cluster.wait_until(lambda: any(acknowledged(game, since=cut_at + taken_s)), "answers are acknowledged there")
    cluster.database_links[0].heal()
    playing.result(PATIENCE_S)
    measured("owner cut off from the database", "until another node has the game", taken_s)
    assert taken_s < promised_s()
    assert told_to_wait(game)
    assert holds(cluster, game)


@pytest.mark.parametrize("hours", [1, -1], ids=["an hour later", "an hour earlier"])
def test_nobody_takes_a_game_because_wall_clocks_differ(on_postgres: StartCluster, hours: int) -> None:
    cluster = on_postgres(popens=[moved_clock, moved_clock])
    game = game_on(cluster, guessers(names(3)), questions=3)
    before = owner(cluster, game)
    playing = game.in_background()
    until_question(cluster, game, 1)
    move(cluster.nodes[0], hours)
    move(cluster.nodes[1], -hours)
    playing.result(PATIENCE_S)
    assert owner(cluster, game) == before
    assert holds(cluster, game)


def _is_back(node: Node, starts: int) -> bool:
    return node.starts > starts and node.is_ready()


def test_a_rolling_restart_of_all_nodes_fails_no_game(on_postgres: StartCluster) -> None:
    cluster = on_postgres()
    games = [game_on(cluster, guessers(names(3), 0.3, 1.5), questions=5) for _ in range(4)]
    playing = [game.in_background() for game in games]
    for game in games:
        until_question(cluster, game, 2)
    for node in cluster.nodes:
        starts = node.starts
        node.signal(signal.SIGTERM)
        cluster.wait_until(partial(_is_back, node, starts), "it is back")
    for one in playing:
        one.result(PATIENCE_S)
    assert holds(cluster, *games)
