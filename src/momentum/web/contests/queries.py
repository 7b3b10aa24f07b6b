"""What pages and calls may know of contests. Only the owner's: everybody else's are not there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from momentum.web.accounts.models import User
from momentum.web.contests.models import Contest
from momentum.web.contests.status import Status, status_at
from momentum.web.play import pins
from momentum.web.play.models import Pin

SHOWN = 200


@dataclass(frozen=True)
class ContestCard:
    """A contest as its owner sees it, `status` by its dates. `pin` is "" unless a game is open; `results_url` is of the
    newest played game."""

    id: UUID
    name: str
    contest_type: str
    type_label: str
    status: str
    status_label: str
    is_private: bool
    played_alone: bool
    is_live: bool
    pin: str
    difficulty_label: str
    question_count: int
    category_names: tuple[str, ...]
    planned_at: datetime | None
    opens_at: datetime | None
    closes_at: datetime | None
    changed_at: datetime
    games_played: int
    results_url: str
    lobby_url: str
    invitations_url: str
    edit_url: str
    duplicate_url: str
    delete_url: str


def contest_of(owner: User, contest_id: UUID) -> Contest | None:
    """The owner's contest of this id; None for a stranger's, a deleted and an unknown one alike."""
    return contests_of(owner).filter(pk=contest_id).first()


def contests_of(owner: User) -> QuerySet[Contest]:
    """All contests of an organiser, newest first.

    `open_pin` believes the table of PINs: `pins.open_pins` before this retires what has ended.
    """
    of_contest = Pin.objects.filter(contest=OuterRef("pk")).order_by("-issued_at")
    return (
        Contest.objects.select_related("owner")
        .prefetch_related("categories")
        .filter(owner=owner, deleted_at=None)
        .annotate(
            games_played=Count("pins", filter=Q(pins__played=True)),
            last_game_id=Subquery(of_contest.filter(played=True).values("game_id")[:1]),
            open_pin=Subquery(of_contest.filter(retired_at=None).values("code")[:1]),
            open_game_id=Subquery(of_contest.filter(retired_at=None).values("game_id")[:1]),
        )
        .order_by("-created_at", "pk")
    )


def cards_of(owner: User) -> list[ContestCard]:
    """The newest SHOWN contests of an organiser, without the archived ones."""
    pins.open_pins(owner.pk)
    return cards(contests_of(owner).exclude(status=Status.ARCHIVED)[:SHOWN])


def archived_cards_of(owner: User) -> list[ContestCard]:
    """The newest SHOWN archived ones."""
    return cards(contests_of(owner).filter(status=Status.ARCHIVED)[:SHOWN])


def cards(contests: Iterable[Contest]) -> list[ContestCard]:
    """Cards of contests that `contests_of` has fetched."""
    return [card(contest) for contest in contests]


def card(contest: Any) -> ContestCard:
    """The card of a contest that `contests_of` or `contest_of` fetched; its annotations are no part of the model."""
    status = status_at(contest, timezone.now())
    return ContestCard(
        id=contest.pk,
        name=contest.name,
        contest_type=contest.contest_type,
        type_label=contest.get_contest_type_display(),
        status=status,
        status_label=str(status.label),
        is_private=contest.private,
        played_alone=not contest.is_live,
        is_live=contest.is_live and contest.open_pin is not None,
        pin=contest.open_pin or "",
        difficulty_label=contest.get_difficulty_display(),
        question_count=contest.question_count,
        category_names=tuple(sorted(category.name for category in contest.categories.all())),
        planned_at=contest.planned_at,
        opens_at=contest.opens_at,
        closes_at=contest.closes_at,
        changed_at=contest.changed_at,
        games_played=contest.games_played,
        results_url=_results_url(contest, status),
        lobby_url=reverse("lobby", args=[contest.pk]),
        invitations_url=reverse("invitations", args=[contest.pk]),
        edit_url=reverse("contest_edit", args=[contest.pk]),
        duplicate_url=reverse("contest_duplicate", args=[contest.pk]),
        delete_url=reverse("contest_delete", args=[contest.pk]),
    )


def _results_url(contest: Any, status: Status) -> str:
    if contest.is_live:
        return reverse("results", args=[contest.last_game_id]) if contest.last_game_id else ""
    return reverse("results", args=[contest.pk]) if status in (Status.CLOSED, Status.ARCHIVED) else ""
