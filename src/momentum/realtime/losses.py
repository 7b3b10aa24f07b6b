"""Games that this node has lost: since when their clocks stand, how soon to take them again, and when no longer."""

from dataclasses import dataclass
from typing import Literal

Loss = Literal["fenced", "unknown", "unheard", "defect"]
"""Why a hub stops before its game does. fenced: the game has another writer. unknown: nobody knows what was kept.
unheard: the node could not be heard of for too long. defect: an error in this code, or entries that were refused."""

RETAKE_MS = 200
RETAKE_AT_MOST_MS = 1_000
CALM_MS = 10_000
"""A game that has lived this long is no longer one that is lost again and again."""
DEFECTS = 3
"""A game that fails so often without living in between is set aside: a fourth time would end the same way."""


@dataclass(slots=True)
class _Loss:
    lost_ms: int | None
    back_ms: int
    count: int = 0
    defects: int = 0


class Losses:
    """Instants are the node's monotonic milliseconds."""

    def __init__(self) -> None:
        self._games: dict[str, _Loss] = {}

    def lost(self, game_id: str, mono_ms: int) -> int:
        """A game is lost, or still is. In how many milliseconds to take it: longer each time, up to a bound."""
        loss = self._loss(game_id, mono_ms)
        loss.count += 1
        return min(RETAKE_MS * loss.count, RETAKE_AT_MOST_MS)

    def failed(self, game_id: str, mono_ms: int) -> bool:
        """A game was lost by a defect. Whether that was once too often."""
        loss = self._loss(game_id, mono_ms)
        loss.defects += 1
        return loss.defects >= DEFECTS

    def since(self, game_id: str) -> int | None:
        """Since when the game is lost; None: it is not."""
        loss = self._games.get(game_id)
        return None if loss is None else loss.lost_ms

    def back(self, game_id: str, mono_ms: int) -> None:
        """The game lives again: something was kept."""
        loss = self._games.get(game_id)
        if loss is not None:
            loss.lost_ms, loss.back_ms = None, mono_ms

    @property
    def missing(self) -> set[str]:
        """The games that are lost now."""
        return {game_id for game_id, loss in self._games.items() if loss.lost_ms is not None}

    @property
    def earliest(self) -> int | None:
        """Since when some game has been lost; None: none is."""
        return min((loss.lost_ms for loss in self._games.values() if loss.lost_ms is not None), default=None)

    def forget(self, game_id: str) -> None:
        self._games.pop(game_id, None)

    def _loss(self, game_id: str, mono_ms: int) -> _Loss:
        loss = self._games.setdefault(game_id, _Loss(None, mono_ms))
        if loss.lost_ms is None:
            loss.lost_ms = mono_ms
            if mono_ms - loss.back_ms >= CALM_MS:
                loss.count = loss.defects = 0
        return loss
