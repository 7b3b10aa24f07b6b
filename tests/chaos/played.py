"""Games on a cluster: opened, played in the background while something happens to the servers, checked at the end."""

import os
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from random import Random

from tests.e2e.checker import violations
from tests.e2e.clients import PlayedGame, guessing
from tests.e2e.history import Frame, Given, History

from momentum.game.settings import Settings
from momentum.wiring.bots.player import Choose

from .cluster import Cluster, Node

SEED = int(os.environ.get("MOMENTUM_SEED", "1"))
TIMER_MS = 8_000
PATIENCE_S = 75.0


def chance() -> Random:
    """What is left to chance in a test; MOMENTUM_SEED makes it come out otherwise."""
    return Random(SEED)


def names(count: int) -> list[str]:
    return [f"player{number}" for number in range(1, count + 1)]


def guessers(players: Iterable[str], fastest_s: float = 0.05, slowest_s: float = 0.5) -> dict[str, Choose]:
    return {name: guessing(f"{SEED} {name}", fastest_s, slowest_s) for name in players}


def game_on(
    cluster: Cluster,
    players: Mapping[str, Choose],
    *,
    questions: int = 3,
    urls: Mapping[str, str] | None = None,
    node: Node | None = None,
    kind: type[PlayedGame] = PlayedGame,
    **settings: object,
) -> PlayedGame:
    """A new game on `node`, by default the first. `urls` as in PlayedGame; `settings` beside those of the tests."""
    plain = {"pace": "everyone", "timer_ms": TIMER_MS, "intermission_ms": 200, "host_plays": False}
    wanted = Settings(**{**plain, "max_players": max(6, len(players)), **settings})  # type: ignore[arg-type]
    realtime_url = (node or cluster.nodes[0]).url
    return kind(cluster.environment, realtime_url, wanted, questions, players, urls=urls)


def ended(cluster: Cluster, *playing: "Future[None]", patience_s: float = PATIENCE_S) -> bool:
    """Everybody has seen the end; fails, with what the nodes printed, where somebody does not for too long."""
    for one in playing:
        try:
            one.result(patience_s)
        except TimeoutError:
            raise AssertionError(f"a game does not end:\n{cluster.printed()[-8000:]}") from None
    return True


def holds(cluster: Cluster, *games: PlayedGame, tracebacks: bool = False) -> bool:
    """Everything that must hold after games; fails with what does not. `tracebacks`: some are to be expected."""
    found = [sentence for game in games for sentence in violations(cluster.games_database, game.id, game.histories)]
    assert not found, "\n".join(found)
    assert tracebacks or "Traceback" not in cluster.printed(), cluster.printed()
    return True


def answers(*games: PlayedGame) -> list[Given]:
    return [answer for game in games for history in game.histories for answer in history.answers]


def acknowledged(*games: PlayedGame, since: float = 0.0, until: float = float("inf")) -> list[Given]:
    """The answers that were acknowledged, in that span of the monotonic clock."""
    return [one for one in answers(*games) if one.outcome == "ok" and since < one.settled_at < until]


def opening(history: History, number: int) -> Frame | None:
    """The frame that opened question `number` to the player, or showed it open."""
    for frame in history.of_type("NEW_QUESTION", "GAME_STATE"):
        question = frame.payload if frame.type == "NEW_QUESTION" else frame.payload["question"]
        if question and question["question_number"] == number:
            return frame
    return None


def until_question(cluster: Cluster, game: PlayedGame, number: int) -> None:
    """Wait until everybody sees question `number`."""
    cluster.wait_until(lambda: all(opening(h, number) for h in game.histories), f"question {number} opens")


def told_to_wait(game: PlayedGame) -> list[Frame]:
    """The notices that the server cannot save."""
    pauses = [frame for history in game.histories for frame in history.of_type("GAME_PAUSED")]
    return [frame for frame in pauses if frame.payload["reason"] == "storage"]


def silence_s(history: History, since: float) -> float:
    """From `since`, on the monotonic clock, to the next frame that the client got from a game that is served."""
    return next(frame.at for frame in list(history.frames) if frame.at > since) - since
