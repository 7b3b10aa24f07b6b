"""Games that this node has lost: since when their clocks stand, and how soon to take them again."""

from dataclasses import dataclass

RETAKE_MS = 200
RETAKE_AT_MOST_MS = 1_000
CALM_MS = 10_000
"""A game that has lived this long is no longer one that is lost again and again."""


@dataclass(slots=True)
class _Loss:
    lost_ms: int | None
    back_ms: int
    count: int = 0


class Losses:
    """Instants are the node's monotonic milliseconds."""

    def __init__(self) -> None:
        self._games: dict[str, _Loss] = {}

    def lost(self, game_id: str, mono_ms: int) -> int:
        """A game is lost, or still is. In how many milliseconds to take it: longer each time, up to a bound."""
        loss = self._games.setdefault(game_id, _Loss(None, mono_ms))
        if loss.lost_ms is None:
            loss.lost_ms = mono_ms
            if mono_ms - loss.back_ms >= CALM_MS:
                loss.count = 0
        loss.count += 1
        return min(RETAKE_MS * loss.count, RETAKE_AT_MOST_MS)

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

    def forget(self, game_id: str) -> None:
        self._games.pop(game_id, None)
