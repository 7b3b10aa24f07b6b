"""`momentum end GAME`: ends a live game from outside, with its results."""

import time
import uuid
from collections.abc import Callable
from http import HTTPStatus

from momentum.environment import Environment
from momentum.protocol.tickets import Keys, mint_internal
from momentum.wiring import probe
from momentum.wiring.refusal import Refusal


def run(environment: Environment, game_id: str, say: Callable[[str], None]) -> int:
    """Ask realtime to end the game. Raises Refusal."""
    try:
        game = str(uuid.UUID(game_id))
    except ValueError:
        raise Refusal(f"{game_id} is no game's id: momentum status lists the open games.") from None
    token = mint_internal(Keys(environment.jwt_secrets), at=int(time.time()))
    url = f"{environment.realtime_service_url}/internal/games/{game}/end"
    answer = probe.ask(url, method="POST", token=token, timeout_s=10.0)
    if answer is None:
        raise Refusal(
            f"Realtime does not answer at {environment.realtime_service_url}: start it, or run this beside it."
        )
    if answer.status == HTTPStatus.NOT_FOUND:
        raise Refusal(f"There is no open game {game}: momentum status lists the open games.")
    if answer.status == HTTPStatus.UNAUTHORIZED:
        raise Refusal("Realtime does not know this key: give both the same JWT_SECRET (momentum check compares them).")
    if answer.status != HTTPStatus.OK:
        raise Refusal(f"Realtime answered with status {answer.status}; its log says why.")
    say(f"The game {game} has ended.")
    return 0
