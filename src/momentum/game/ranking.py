"""Who stands where: by score, then by the total time of correct answers, then by who joined first.

Equal score and time share a rank.
"""

from collections.abc import Iterable
from typing import NamedTuple, Protocol, TypeVar

from momentum.game.model import Seat


class Ranked(Protocol):
    """What can stand on a board. `order`: who came first has less."""

    @property
    def score(self) -> int: ...
    @property
    def correct_ms(self) -> int: ...
    @property
    def order(self) -> int: ...


R = TypeVar("R", bound=Ranked)


class Standing(NamedTuple):
    rank: int
    seat: Seat


def standings(seats: Iterable[Seat]) -> list[Standing]:
    """The board of a game, best first. Kicked players do not stand on it."""
    return [Standing(rank, seat) for rank, seat in ranked(seat for seat in seats if seat.gone != "kicked")]


def ranked(entries: Iterable[R]) -> list[tuple[int, R]]:
    """Rank and entry, best first."""
    board: list[tuple[int, R]] = []
    for place, entry in enumerate(sorted(entries, key=lambda e: (-e.score, e.correct_ms, e.order)), start=1):
        rank, above = board[-1] if board else (place, entry)
        tied = (above.score, above.correct_ms) == (entry.score, entry.correct_ms)
        board.append((rank if tied else place, entry))
    return board
