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


def ranked(entries: Iterable[R], *, above: int = 0, first_rank: int = 1) -> list[tuple[int, R]]:
    """Rank and entry, best first. Of a board's later page: `above` entries stand before it, and its first has
    `first_rank`."""
    board: list[tuple[int, R]] = []
    for place, entry in enumerate(sorted(entries, key=lambda e: (-e.score, e.correct_ms, e.order)), start=above + 1):
        rank, before = board[-1] if board else (first_rank, entry)
        tied = (before.score, before.correct_ms) == (entry.score, entry.correct_ms)
        board.append((rank if tied else place, entry))
    return board
