"""What a profile shows: how well, on what, and to the player alone, when and where."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from momentum.web.accounts.models import User
from momentum.web.leaderboards import queries, ratings
from momentum.web.leaderboards.models import Rating, Result, Tally
from momentum.web.leaderboards.ratings import Skill

ROWS = 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CURSOR = re.compile(r"(\d{1,17})\.(\d{1,18})", re.ASCII)


@dataclass(frozen=True)
class CategoryAccuracy:
    category: str
    correct_count: int
    answer_count: int
    percent: int


@dataclass(frozen=True)
class Played:
    """`rank` None: removed by the host. `rating`: after a live game that counted; `change`: what the game did to it."""

    contest_name: str
    type_label: str
    contest_type: str
    ended_at: datetime
    rank: int | None
    score: int
    correct_count: int
    answer_count: int
    best_streak: int
    rating: int | None
    change: int | None
    source_id: UUID
    results_url: str


@dataclass(frozen=True)
class History:
    """`after`: the key at which the next page begins; "" on the last."""

    rows: tuple[Played, ...]
    after: str


@dataclass(frozen=True)
class ProfilePage:
    """Sums over what counts. `rating` None: no game has been rated yet."""

    user_id: str
    username: str
    shared: bool
    is_you: bool
    plays: int
    score: int
    correct_count: int
    answer_count: int
    correct_percent: int | None
    best_streak: int
    rating: int | None
    rated_games: int
    provisional: bool
    categories: tuple[CategoryAccuracy, ...]


def profile(user: User, *, is_you: bool) -> ProfilePage:
    """The profile of an account."""
    counted = Result.objects.filter(player=str(user.pk), counts=True)
    sums = counted.aggregate(
        plays=Count("pk"),
        score=Sum("score", default=0),
        correct_count=Sum("correct_count", default=0),
        answer_count=Sum("answer_count", default=0),
        best_streak=Max("best_streak", default=0),
    )
    skill = ratings.skills([str(user.pk)]).get(str(user.pk))
    return ProfilePage(
        user_id=str(user.pk),
        username=user.username,
        shared=queries.shares(user.pk),
        is_you=is_you,
        correct_percent=percent(sums["correct_count"], sums["answer_count"]),
        rating=skill.shown if skill else None,
        rated_games=skill.games if skill else 0,
        provisional=skill.provisional if skill else True,
        categories=_categories(str(user.pk)),
        **sums,
    )


def shared_profile(user_id: UUID) -> ProfilePage | None:
    """The profile of somebody who shares it; None for everybody else's."""
    user = User.objects.filter(pk=user_id, deleted_at=None, is_active=True, profile__shared=True).first()
    return profile(user, is_you=False) if user else None


def history(user: User, after: str = "", limit: int = ROWS) -> History:
    """What somebody has played, newest first."""
    results = Result.objects.filter(player=str(user.pk)).select_related("contest", "source")
    if match := CURSOR.fullmatch(after):
        at = EPOCH + timedelta(microseconds=int(match[1]))
        results = results.filter(ended_at__lte=at).filter(Q(ended_at__lt=at) | Q(pk__lt=int(match[2])))
    found = list(results.order_by("-ended_at", "-id")[: limit + 1])
    shown = found[:limit]
    changes = _changes(str(user.pk), shown)
    return History(
        tuple(_played(result, *changes.get(result.source_id, (None, None))) for result in shown),
        _cursor(shown[-1]) if len(found) > limit else "",
    )


def percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


def _categories(player: str) -> tuple[CategoryAccuracy, ...]:
    sums = (
        Tally.objects.filter(result__player=player, result__counts=True)
        .values("category")
        .annotate(correct=Sum("correct_count"), answers=Sum("answer_count"))
        .order_by("category")
    )
    return tuple(
        CategoryAccuracy(row["category"], row["correct"], row["answers"], percent(row["correct"], row["answers"]) or 0)
        for row in sums
        if row["answers"]
    )


def _changes(player: str, results: list[Result]) -> dict[UUID, tuple[int, int]]:
    """For rated games, the rating after each and what it changed."""
    before = Q(ended_at__lt=OuterRef("ended_at")) | Q(ended_at=OuterRef("ended_at"), source__lt=OuterRef("source"))
    earlier = Rating.objects.filter(before, player=player).order_by("-ended_at", "-source")
    rows = Rating.objects.filter(player=player, source__in=[result.source_id for result in results]).annotate(
        mu_before=Coalesce(Subquery(earlier.values("mu")[:1]), Skill.mu),
        sigma_before=Coalesce(Subquery(earlier.values("sigma")[:1]), Skill.sigma),
    )
    found: dict[UUID, tuple[int, int]] = {}
    for row in rows:
        shown = Skill(row.mu, row.sigma).shown
        found[row.source_id] = shown, shown - Skill(row.mu_before, row.sigma_before).shown
    return found


def _played(result: Result, rating: int | None, change: int | None) -> Played:
    return Played(
        contest_name=result.contest.name,
        type_label=result.source.get_contest_type_display(),
        contest_type=result.source.contest_type,
        ended_at=result.ended_at,
        rank=result.rank,
        score=result.score,
        correct_count=result.correct_count,
        answer_count=result.answer_count,
        best_streak=result.best_streak,
        rating=rating,
        change=change,
        source_id=result.source_id,
        results_url=reverse("results", args=[result.source_id]),
    )


def _cursor(result: Result) -> str:
    return f"{(result.ended_at - EPOCH) // timedelta(microseconds=1)}.{result.pk}"
