"""Two nodes on one PostgreSQL: the owner of games is killed, stopped, cut off, restarted, or not the only one."""

import signal
import time
from itertools import pairwise

import psycopg
from tests.e2e.clients import PlayedGame
from tests.e2e.kills import promised_s

from .cluster import Cluster, Node
from .conftest import StartCluster
from .figures import measured
from .odd_nodes import HOUR_S, careless, moved_clock, tell
from .owner_kills import run
from .played import SEED, acknowledged, ended, game_on, guessers, holds, names, told_to_wait, until_question

STOPPED_S = 5.0
CARELESS_S = 4.0


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


def restart(cluster: Cluster, node: Node) -> None:
    """As an operator does; returns when it serves again."""
    starts = node.starts
    node.signal(signal.SIGTERM)
    cluster.wait_until(lambda: node.starts > starts and node.is_ready(), "it is back")


def test_another_node_goes_on_with_the_games_of_one_that_is_killed(on_postgres: StartCluster) -> None:
    cluster = on_postgres()
    game = game_on(cluster, guessers(names(4), 0.5, 1.5))
    playing = game.in_background()
    until_question(cluster, game, 2)
    cluster.nodes[0].keep = False
    killed_at = time.monotonic()
    cluster.nodes[0].kill()
    assert ended(cluster, playing)
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
    assert ended(cluster, playing)
    assert [history.losses for history in game.histories] == [0] * 4
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
    assert ended(cluster, playing)
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
    assert ended(cluster, playing)
    measured("owner cut off from the database", "until another node has the game", taken_s)
    assert taken_s < promised_s()
    assert told_to_wait(game)
    assert holds(cluster, game)


def test_nobody_takes_a_game_because_wall_clocks_differ(on_postgres: StartCluster) -> None:
    cluster = on_postgres(popens=[moved_clock, moved_clock])
    game = game_on(cluster, guessers(names(3)), questions=3)
    before = owner(cluster, game)
    playing = game.in_background()
    until_question(cluster, game, 1)
    tell(cluster.nodes[0], HOUR_S)
    tell(cluster.nodes[1], -HOUR_S)
    assert ended(cluster, playing)
    assert owner(cluster, game) == before
    assert holds(cluster, game)


def test_a_rolling_restart_of_all_nodes_fails_no_game(on_postgres: StartCluster) -> None:
    cluster = on_postgres()
    games = [game_on(cluster, guessers(names(3), 0.3, 1.5), questions=5) for _ in range(4)]
    playing = [game.in_background() for game in games]
    for game in games:
        until_question(cluster, game, 2)
    for node in cluster.nodes:
        restart(cluster, node)
    assert ended(cluster, *playing)
    assert holds(cluster, *games)


def test_games_of_both_nodes_go_on_when_owners_are_killed_again_and_again(on_postgres: StartCluster) -> None:
    cluster = on_postgres(MAX_GAMES_PER_HOST="100")
    found = run(cluster, games=4, kills=2, seed=SEED)
    assert found.violations == []
    assert found.kills == 2
    measured("owners killed", "longest silence of a client", max(found.silences_s))


def test_a_game_that_two_nodes_believe_to_own_has_one_writer_at_a_time(on_postgres: StartCluster) -> None:
    cluster = on_postgres(popens=[careless, careless])
    game = game_on(cluster, guessers(names(4), 0.2, 1.5), questions=4, timer_ms=20_000)
    playing = game.in_background()
    until_question(cluster, game, 2)
    for node in cluster.nodes:
        tell(node, CARELESS_S)
    assert ended(cluster, playing)
    taken = epochs(cluster, game)
    assert taken[-1] >= 3, "they took the game from each other"
    assert all(earlier <= later for earlier, later in pairwise(taken))
    assert holds(cluster, game)
