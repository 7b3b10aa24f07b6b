"""The order of a board, page by page. A page begins after a key and carries the rank along, so no page counts rows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q, QuerySet

from momentum.web.leaderboards.models import Total

ROWS = 50
COUNTED = 10_000
"""Somebody's own rank is counted up to here."""

CURSOR = re.compile(r"(\d{1,15})\.(\d{1,15})\.(\d{1,12})\.(\d{1,12})\.([0-9a-z_-]{1,64})", re.ASCII)


class Cursor(NamedTuple):
    """The last line of a page: its key, its place and its rank."""

    score: int
    correct_ms: int
    place: int
    rank: int
    player: str

    def __str__(self) -> str:
        return ".".join(map(str, self))

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """None for what no page has given out."""
        match = CURSOR.fullmatch(text)
        if match is None:
            return None
        score, correct_ms, place, rank = map(int, match.groups()[:4])
        return cls(score, correct_ms, place, rank, match[5])


@dataclass(frozen=True)
class Placed:
    rank: int
    total: Total


@dataclass(frozen=True)
class Page:
    """`after`: where the next page begins; "" on the last one."""

    rows: tuple[Placed, ...]
    after: str


def page(totals: QuerySet[Total], after: Cursor | None, limit: int = ROWS) -> Page:
    """The lines of one board after a key."""
    rows: list[Placed] = []
    last = after
    for total in _following(totals, after, limit + 1):
        if len(rows) == limit:
            return Page(tuple(rows), str(last))
        last = _next(last, total)
        rows.append(Placed(last.rank, total))
    return Page(tuple(rows), "")


def rank(totals: QuerySet[Total], own: Total) -> int:
    """The rank of a line; COUNTED + 1 for all beyond."""
    return totals.filter(_before(own))[:COUNTED].count() + 1


def _following(totals: QuerySet[Total], after: Cursor | None, limit: int) -> Iterator[Total]:
    """At most `limit` lines. Each step reads one range of the index."""
    if after is None:
        yield from totals.order_by("-score", "correct_ms", "player")[:limit]
        return
    steps = (
        totals.filter(score=after.score, correct_ms=after.correct_ms, player__gt=after.player).order_by("player"),
        totals.filter(score=after.score, correct_ms__gt=after.correct_ms).order_by("correct_ms", "player"),
        totals.filter(score__lt=after.score).order_by("-score", "correct_ms", "player"),
    )
    for step in steps:
        found = list(step[:limit]) if limit else []
        limit -= len(found)
        yield from found


def _next(last: Cursor | None, total: Total) -> Cursor:
    place = last.place + 1 if last else 1
    tied = last is not None and (last.score, last.correct_ms) == (total.score, total.correct_ms)
    return Cursor(total.score, total.correct_ms, place, last.rank if last and tied else place, total.player)


def _before(own: Total) -> Q:
    return Q(score__gt=own.score) | Q(score=own.score, correct_ms__lt=own.correct_ms)
