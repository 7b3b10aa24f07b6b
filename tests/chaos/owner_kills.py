"""Two realtime nodes on one PostgreSQL, and a node that owns games is killed at random moments, again and again."""

import time
from dataclasses import dataclass, field
from random import Random

import psycopg
from tests.e2e.checker import violations
from tests.e2e.clients import PlayedGame, guessing
from tests.e2e.history import History

from .cluster import Cluster
from .played import answers, game_on

PLAYERS = 10
"""Of each game."""
PATIENCE_S = 300.0
SHORTEST_S, LONGEST_S = 0.5, 3.0
"""Between the moment at which all games are served again and the next kill."""
TIMER_MS = 15_000


@dataclass
class Run:
    """What came of some kills. `silences_s`: of each client of a killed node, until it heard of its game again."""

    kills: int = 0
    silences_s: list[float] = field(default_factory=list)
    acknowledged: int = 0
    violations: list[str] = field(default_factory=list)


def run(cluster: Cluster, *, games: int, kills: int, seed: int) -> Run:
    """Play `games` at once to their ends, and kill a node so often meanwhile."""
    random, found = Random(seed), Run()
    played = [_opened(cluster, number, kills, seed) for number in range(games)]
    playing = [game.in_background() for game in played]
    cluster.wait_until(lambda: all(_is_open(game) for game in played), "all games are on", PATIENCE_S)
    for _ in range(kills):
        time.sleep(random.uniform(SHORTEST_S, LONGEST_S))
        if any(one.done() for one in playing):
            break
        found.silences_s += _kill_an_owner(cluster, played, random)
        found.kills += 1
    for one in playing:
        one.result(PATIENCE_S)
    found.acknowledged = sum(answer.outcome == "ok" for answer in answers(*played))
    found.violations = [
        sentence for game in played for sentence in violations(cluster.games_database, game.id, game.histories)
    ]
    found.violations += ["a traceback in what the nodes print"] * ("Traceback" in cluster.printed())
    return found


def _opened(cluster: Cluster, number: int, kills: int, seed: int) -> PlayedGame:
    """As many questions as it takes, on the nodes in turn."""
    players = {f"g{number}p{player}": guessing(f"{seed} {number} {player}", 0.3, 4.0) for player in range(PLAYERS)}
    node = cluster.nodes[number % len(cluster.nodes)]
    return game_on(cluster, players, questions=min(50, 3 + 2 * kills), node=node, timer_ms=TIMER_MS)


def _is_open(game: PlayedGame) -> bool:
    return all(any(history.of_type("NEW_QUESTION")) for history in game.histories)


def _kill_an_owner(cluster: Cluster, played: list[PlayedGame], random: Random) -> list[float]:
    owners = _owners(cluster, played)
    node = random.choice([node for node in cluster.nodes if node.id in owners.values()])
    clients = [h for game in played if owners.get(game.id) == node.id for h in game.histories]
    killed_at = time.monotonic()
    node.kill()
    cluster.wait_until(lambda: all(_back_s(h, killed_at) for h in clients), "all players are back", PATIENCE_S)
    cluster.wait_until(node.is_ready, "the node is started again")
    return [_back_s(history, killed_at) for history in clients]


def _back_s(history: History, killed_at: float) -> float:
    """From the kill to the next GAME_STATE; 0: it has not come yet."""
    return next((frame.at - killed_at for frame in history.of_type("GAME_STATE") if frame.at > killed_at), 0.0)


def _owners(cluster: Cluster, played: list[PlayedGame]) -> dict[str, str]:
    """The node of each game that has not ended."""
    with psycopg.connect(str(cluster.games_database)) as database:
        rows = database.execute("SELECT id, node_id FROM game WHERE ended_ms IS NULL").fetchall()
    ours = {game.id for game in played}
    return {game_id: node_id for game_id, node_id in rows if game_id in ours}
