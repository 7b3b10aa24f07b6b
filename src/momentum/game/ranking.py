"""Who stands where: by score, then by the total time of correct answers, then by who joined first.

Equal score and time share a rank.
"""

from collections.abc import Iterable
from typing import NamedTuple

from momentum.game.model import Seat


class Standing(NamedTuple):
    rank: int
    seat: Seat


def standings(seats: Iterable[Seat]) -> list[Standing]:
    """The board, best first. Kicked players do not stand on it."""
    ordered = sorted((seat for seat in seats if seat.gone != "kicked"), key=lambda s: (-s.score, s.correct_ms, s.order))
    board: list[Standing] = []
    for place, seat in enumerate(ordered, start=1):
        tied = board and (board[-1].seat.score, board[-1].seat.correct_ms) == (seat.score, seat.correct_ms)
        board.append(Standing(board[-1].rank if tied else place, seat))
    return board
