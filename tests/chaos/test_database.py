"""PostgreSQL away from its nodes: cut off, killed in part or whole, down at the end of a game."""

import os
import signal
import time

import psycopg
from tests.e2e.clients import PlayedGame
from tests.e2e.kills import promised_s
from tests.postgres_server import OwnPostgres

from .conftest import StartCluster
from .figures import measured
from .played import acknowledged, answers, chance, ended, game_on, guessers, holds, names, told_to_wait, until_question

AWAY_S = float(os.environ.get("MOMENTUM_AWAY_S", "8"))


def next_acknowledgement_s(game: PlayedGame, since: float) -> float:
    return min(answer.settled_at for answer in acknowledged(game, since=since)) - since


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
    assert ended(cluster, playing)
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
    assert ended(cluster, playing)
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
    assert ended(cluster, playing)
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
    assert ended(cluster, playing)
    assert holds(cluster, game)
