"""Which boards a result stands on, and with what."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from typing import NamedTuple

from momentum.web.leaderboards.finished import Amount

SITE = "site"
ALL = "all"
MONTH = "month"
WEEK = "week"
GUEST = "guest_"


class BoardKey(NamedTuple):
    """See models.Board."""

    scope: str
    period: str
    subject: str


class Entry(NamedTuple):
    key: BoardKey
    amount: Amount


def of_contest(contest_id: object) -> str:
    return f"contest:{contest_id}"


def of_organiser(user_id: object) -> str:
    return f"organiser:{user_id}"


def of_type(contest_type: str) -> str:
    return f"type:{contest_type}"


def of_category(category: str) -> str:
    return f"category:{category}"


def of_month(at: datetime) -> str:
    """Of the month in UTC."""
    return f"{at.astimezone(UTC):%Y-%m}"


def of_week(at: datetime) -> str:
    """Of the ISO week in UTC."""
    return f"{at.astimezone(UTC):%G-W%V}"


def is_guest(player: str) -> bool:
    return player.startswith(GUEST)


def entries(
    amount: Amount,
    tallies: dict[str, Amount],
    *,
    ended_at: datetime,
    contest_id: object,
    contest_type: str,
    scopes: tuple[str, ...],
) -> Iterator[Entry]:
    """What a result adds: to its contest's board, and in each of `scopes` to every period of every subject."""
    yield Entry(BoardKey(of_contest(contest_id), ALL, ALL), amount)
    periods = (ALL, of_month(ended_at), of_week(ended_at))
    subjects = {ALL: amount, of_type(contest_type): amount}
    subjects |= {of_category(category): tally for category, tally in tallies.items()}
    for scope, period, (subject, its_amount) in product(scopes, periods, subjects.items()):
        yield Entry(BoardKey(scope, period, subject), its_amount)
