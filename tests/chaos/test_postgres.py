"""Several nodes on one PostgreSQL: the owner of games is killed, stopped or cut off, and so is the database."""

from tests.postgres_server import OwnPostgres

from .conftest import StartCluster
from .played import acknowledged, game_on, guessers, holds, names, until_question

PATIENCE_S = 90.0


def test_another_node_goes_on_with_the_games_of_one_that_is_killed(on_postgres: StartCluster) -> None:
    cluster = on_postgres()
    game = game_on(cluster, guessers(names(4), 0.5, 1.5), questions=3)
    playing = game.in_background()
    until_question(cluster, game, 2)
    cluster.nodes[0].keep = False
    cluster.nodes[0].kill()
    playing.result(PATIENCE_S)
    assert holds(cluster, game)
