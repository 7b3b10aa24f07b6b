"""Keeping the totals of boards equal to the sums of their results."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import connections, router

from momentum.web.leaderboards import boards
from momentum.web.leaderboards.boards import BoardKey
from momentum.web.leaderboards.finished import Amount
from momentum.web.leaderboards.models import Board, Result, Total

Sum = list[int]
"""score, correct_ms, correct_count, answer_count, plays"""

ADD = """
INSERT INTO leaderboards_total (board_id, player, score, correct_ms, correct_count, answer_count, plays)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (board_id, player) DO UPDATE SET
    score = leaderboards_total.score + excluded.score,
    correct_ms = leaderboards_total.correct_ms + excluded.correct_ms,
    correct_count = leaderboards_total.correct_count + excluded.correct_count,
    answer_count = leaderboards_total.answer_count + excluded.answer_count,
    plays = leaderboards_total.plays + excluded.plays
"""


class Change:
    """What is to be added to totals, collected."""

    def __init__(self, shared: set[str]) -> None:
        """`shared`: the players who stand on the site's boards."""
        self._shared = shared
        self._sums: defaultdict[tuple[BoardKey, str], Sum] = defaultdict(lambda: [0, 0, 0, 0, 0])

    def add(self, result: Result, tallies: dict[str, Amount], contest_type: str, owner_id: object, sign: int) -> None:
        """Count a result in, or with `sign` -1 out."""
        if not result.counts:
            return
        for key, amount in boards.entries(
            amount_of(result),
            tallies,
            ended_at=result.ended_at,
            contest_id=result.contest_id,
            contest_type=contest_type,
            scopes=self._scopes(result.player, owner_id),
        ):
            total = self._sums[key, result.player]
            for index, value in enumerate((*_values(amount), 1)):
                total[index] += sign * value

    def apply(self, only_scope: str = "") -> None:
        """Add what was collected; of `only_scope` alone where one is given. Lines without a result left go."""
        wanted = {
            place: total
            for place, total in self._sums.items()
            if any(total) and (not only_scope or place[0].scope == only_scope)
        }
        ids = _board_ids({key for key, _ in wanted})
        rows: list[tuple[int | str, ...]] = [(ids[key], player, *total) for (key, player), total in wanted.items()]
        if not rows:
            return
        with connections[router.db_for_write(Total)].cursor() as cursor:
            cursor.executemany(ADD, rows)
        lost = {key for (key, _), total in wanted.items() if total[-1] < 0}
        if lost:
            Total.objects.filter(board__in=[ids[key] for key in lost], plays=0).delete()

    def _scopes(self, player: str, owner_id: object) -> tuple[str, ...]:
        if boards.is_guest(player):
            return ()
        own = (boards.of_organiser(owner_id),)
        return (*own, boards.SITE) if player in self._shared else own


def amount_of(row: Result | object) -> Amount:
    """The amount that a result or a tally keeps."""
    return Amount(**{name: getattr(row, name) for name in Amount.__dataclass_fields__})


def tallies_of(result: Result) -> dict[str, Amount]:
    return {tally.category: amount_of(tally) for tally in result.tallies.all()}


def _values(amount: Amount) -> tuple[int, int, int, int]:
    return amount.score, amount.correct_ms, amount.correct_count, amount.answer_count


def _board_ids(keys: Iterable[BoardKey]) -> dict[BoardKey, int]:
    wanted = set(keys)
    known = {
        BoardKey(board.scope, board.period, board.subject): board.pk
        for board in Board.objects.filter(
            scope__in={key.scope for key in wanted},
            period__in={key.period for key in wanted},
            subject__in={key.subject for key in wanted},
        )
    }
    for key in wanted - known.keys():
        known[key] = Board.objects.create(**key._asdict()).pk
    return known
