"""Which boards a result stands on, and with what."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from momentum.web.leaderboards.finished import Amount
from momentum.web.leaderboards.models import Period

SITE = "site"
GUEST = "guest_"


class BoardKey(NamedTuple):
    scope: str
    part: str
    period: str


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


def period(kind: str, at: datetime) -> str:
    """The period of that kind that `at` belongs to, in UTC."""
    at = at.astimezone(UTC)
    if kind == Period.MONTH:
        return f"{at:%Y-%m}"
    if kind == Period.WEEK:
        return f"{at:%G-W%V}"
    return "all"


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
    """What a result adds: to its contest's board, and to each part and period of `scopes`."""
    yield Entry(BoardKey(of_contest(contest_id), "", "all"), amount)
    parts = {"": amount, of_type(contest_type): amount}
    parts |= {of_category(category): tally for category, tally in tallies.items()}
    for scope in scopes:
        for part, part_amount in parts.items():
            for kind in Period.values:
                yield Entry(BoardKey(scope, part, period(kind, ended_at)), part_amount)
