"""What changes a contest."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from momentum.protocol.internal import OpenGame
from momentum.protocol.wish import GameWish
from momentum.web.accounts.models import User
from momentum.web.contests import lifecycle, scheduling, titles
from momentum.web.contests.models import (
    Access,
    Contest,
    ContestType,
    Difficulty,
    Entry,
    Pace,
    ResultsShown,
    Reveal,
    Scoreboard,
    Timing,
)
from momentum.web.contests.opening import encoded_opening
from momentum.web.contests.status import Status, status_at
from momentum.web.play import pins
from momentum.web.questions import queries as bank
from momentum.web.questions.models import Category
from momentum.web.refusals import Refusal

ROWS = ("categories", "allowed_people")
"""What of the settings stands in rows of its own."""


@dataclass(frozen=True, kw_only=True)
class ContestSettings:
    """All that an organiser sets. The defaults are the dashboard's. `categories`: slugs, none for all.
    `allowed_people`: e-mail addresses and names of accounts."""

    name: str
    contest_type: str = ContestType.QUICK_FIRE
    difficulty: str = Difficulty.MIXED
    categories: Sequence[str] = ()
    question_count: int = 10
    pace: str = Pace.EVERYONE
    max_players: int = 100
    host_plays: bool = False
    intermission_s: int | None = 6
    question_timer_s: int = 15
    reveal: str = Reveal.AT_CLOSE
    late_join: bool = True
    access: str = Access.ANYONE
    planned_at: datetime | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    timing: str = Timing.QUESTION
    total_time_s: int = 600
    results_shown: str = ResultsShown.AFTER_CLOSING
    scoreboard: str = Scoreboard.VISIBLE
    freeze_min: int = 30
    entry: str = Entry.LINK
    max_runs: int | None = None
    allowed_people: Sequence[str] = ()


class GameIsOpen(Refusal):
    error = "game_open"

    def __str__(self) -> str:
        return _("A game of this contest is open. End it in the lobby, then delete the contest.")


class ContestIsOpen(Refusal):
    error = "contest_open"

    def __str__(self) -> str:
        return _("The contest is open. End it in its lobby, then delete it.")


class UnknownCategory(Refusal):
    error = "unknown_category"
    status = 422

    def __str__(self) -> str:
        return _("There is no category %(slug)s.") % {"slug": self.args[0]}


def settings_of(contest: Contest) -> ContestSettings:
    """What an organiser has set."""
    values = {field.name: getattr(contest, field.name) for field in fields(ContestSettings) if field.name not in ROWS}
    return ContestSettings(
        **values,
        categories=tuple(contest.categories.values_list("slug", flat=True)),
        allowed_people=tuple(contest.allowed_people.order_by("who").values_list("who", flat=True)),
    )


@transaction.atomic
def create_contest(owner: User, settings: ContestSettings, *, private: bool = False) -> Contest:
    """A new contest: ready or scheduled, or a draft while it lacks questions or dates. Raises BadDates."""
    contest = Contest(owner=owner, private=private)
    _apply(contest, settings)
    return contest


@transaction.atomic
def edit_contest(contest: Contest, settings: ContestSettings) -> Contest:
    """Change a contest. A game that is open keeps what it was opened with.

    Raises BadDates, HasOpened, HasClosed, TypeIsFixed.
    """
    _apply(contest, settings)
    return contest


def change_contest(contest: Contest, **given: Any) -> Contest:
    """Change the given fields of ContestSettings and leave the others."""
    return edit_contest(contest, replace(settings_of(contest), **given))


def duplicate_contest(contest: Contest) -> Contest:
    """The same contest again, unplayed and without its dates."""
    name = _("%(name)s (copy)") % {"name": contest.name}
    limit = Contest._meta.get_field("name").max_length or 0
    undated = replace(settings_of(contest), planned_at=None, opens_at=None, closes_at=None)
    return create_contest(contest.owner, replace(undated, name=name[:limit]))


@transaction.atomic
def delete_contest(contest: Contest) -> None:
    """Take a contest off its owner's list; raises GameIsOpen, ContestIsOpen. What was played keeps its results page,
    and who was invited is told."""
    if pins.open_game(contest):
        raise GameIsOpen
    if status_at(contest, timezone.now()) is Status.OPEN:
        raise ContestIsOpen
    pins.retire_for_attempts(contest.pk)
    of_contest = (contest.pins.filter(game_id__isnull=False), contest.attempts.all(), contest.invitations.all())
    if any(rows.exists() for rows in of_contest):
        Contest.objects.filter(pk=contest.pk).update(deleted_at=timezone.now())
    else:
        contest.delete()


@transaction.atomic
def make_private_contest(owner: User, settings: ContestSettings) -> Contest:
    """A contest for a game that an API call asks for, with its PIN. Raises TooFewQuestions, TooManyGames."""
    contest = create_contest(owner, settings, private=True)
    pins.get_or_issue(contest, encoded_opening)
    return contest


def open_private_contest(*, host_id: str, wish: GameWish) -> OpenGame:
    """The game that realtime's own POST /api/contests asks for.

    Raises TitleRefused, TooFewQuestions, TooManyGames, and User.DoesNotExist where `host_id` is no active account.
    """
    settings = ContestSettings(
        name=titles.clean(wish.name),
        difficulty=wish.difficulty,
        question_count=wish.question_count,
        question_timer_s=wish.question_timer,
        max_players=wish.max_players,
        pace=wish.pace,
        intermission_s=wish.intermission,
        host_plays=wish.host_plays,
        reveal=wish.reveal,
        late_join=wish.late_join,
    )
    contest = make_private_contest(User.objects.get(pk=host_id, is_active=True), settings)
    return msgspec.json.decode(contest.pins.get(retired_at=None).opening, type=OpenGame)


def _apply(contest: Contest, settings: ContestSettings) -> None:
    now = timezone.now()
    changed = set() if contest._state.adding else _changed(settings_of(contest), settings)
    was = status_at(contest, now)
    scheduling.demand_changeable(contest, changed, now)
    for field in fields(settings):
        if field.name not in ROWS:
            setattr(contest, field.name, getattr(settings, field.name))
    if contest.is_live:
        _make_ready(contest, settings)
    else:
        scheduling.schedule(contest, settings.categories, was, now, redraw=bool(changed & scheduling.DRAWN_BY))
    contest.categories.set(_categories(settings.categories))
    scheduling.allow(contest, settings.allowed_people)


def _changed(before: ContestSettings, after: ContestSettings) -> set[str]:
    changed = {field.name for field in fields(after) if getattr(before, field.name) != getattr(after, field.name)}
    return changed - {"categories"} if set(before.categories) == set(after.categories) else changed


def _make_ready(contest: Contest, settings: ContestSettings) -> None:
    found = bank.available(settings.difficulty, settings.categories, owner_id=contest.owner_id)
    lifecycle.move(contest, Status.READY if found >= settings.question_count else Status.DRAFT)
    contest.save()
    scheduling.unschedule(contest)


def _categories(slugs: Sequence[str]) -> list[Category]:
    found = list(Category.objects.filter(slug__in=slugs))
    if unknown := set(slugs) - {category.slug for category in found}:
        raise UnknownCategory(min(unknown))
    return found
