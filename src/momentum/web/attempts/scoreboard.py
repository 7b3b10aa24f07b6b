"""The board of a contest that is played alone: what stands on it, and what of it may be seen when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from momentum.game.ranking import ranked
from momentum.web import clock
from momentum.web.accounts import queries as accounts
from momentum.web.attempts import rules
from momentum.web.attempts.models import Attempt
from momentum.web.contests.models import Contest, Scoreboard
from momentum.web.contests.status import Status, status_at

ORDER = ("-score", "correct_ms", "started_at", "participant_id")
"""The order of `game.ranking`, for the database; of those who started in one millisecond, who came in first."""


@dataclass(frozen=True)
class Entry:
    """An attempt as a thing that is ranked."""

    attempt: Attempt

    @property
    def score(self) -> int:
        return self.attempt.score

    @property
    def correct_ms(self) -> int:
        return self.attempt.correct_ms

    @property
    def order(self) -> int:
        return clock.to_ms(self.attempt.started_at)


class Placed(NamedTuple):
    """`place` counts lines from 1; `rank` is shared by those who are equal."""

    rank: int
    place: int
    attempt: Attempt


@dataclass(frozen=True)
class BoardRow:
    rank: int
    user_id: str
    name: str
    score: int
    correct_count: int
    correct_ms: int
    best_streak: int


@dataclass(frozen=True)
class Board:
    """`attempts`: what stands on it, one of each participant. `frozen_at`: it shows how things stood then, and stays so
    until the contest has closed. Read a page at a time."""

    attempts: QuerySet[Attempt]
    frozen_at: datetime | None = None

    def count(self) -> int:
        return self.attempts.count()

    def rows(self, above: int, limit: int) -> tuple[BoardRow, ...]:
        """`limit` lines, below the first `above`."""
        return _rows(page(self.attempts, above, limit))

    def row_of(self, user_id: str) -> BoardRow | None:
        own = self.attempts.filter(user_id=user_id).first()
        return _rows([place_of(self.attempts, own)])[0] if own else None


def board_at(contest: Contest, now: datetime, *, for_organiser: bool = False) -> Board | None:
    """The board as it may be seen now; None while it is hidden. The organiser always sees it as it stands."""
    if for_organiser or is_final(contest, now):
        return Board(standing(contest))
    if contest.scoreboard == Scoreboard.HIDDEN or not rules.shows_results_at_once(contest):
        return None
    frozen_at = freezes_at(contest)
    if frozen_at is None or now < frozen_at:
        return Board(standing(contest))
    return Board(standing_then(contest, frozen_at), frozen_at)


def is_closed(contest: Contest, now: datetime) -> bool:
    return status_at(contest, now) in (Status.CLOSED, Status.ARCHIVED)


def is_final(contest: Contest, now: datetime) -> bool:
    """Whether nothing of it can change any more by being played: it has closed, and all its attempts have ended."""
    return is_closed(contest, now) and not Attempt.objects.filter(contest=contest, finished_at=None).exists()


def freezes_at(contest: Contest) -> datetime | None:
    if contest.scoreboard != Scoreboard.FROZEN or contest.closes_at is None:
        return None
    return contest.closes_at - timedelta(minutes=contest.freeze_min)


def standing(contest: Contest) -> QuerySet[Attempt]:
    """The attempts on the board, in no order."""
    return Attempt.objects.filter(contest=contest, counts=True, finished_at__isnull=False)


def standing_then(contest: Contest, at: datetime) -> QuerySet[Attempt]:
    """The attempts that stood on the board at `at`: of a marathon, each participant's best run of those that had ended;
    of a standard contest, the newest attempt of each if it had."""
    others = Attempt.objects.filter(contest=contest, participant=OuterRef("participant"))
    if rules.is_marathon(contest):
        replaced = others.filter(_better_than_the_outer(), finished_at__lte=at)
    else:
        replaced = others.filter(number__gt=OuterRef("number"), started_at__lte=at)
    return Attempt.objects.filter(~Exists(replaced), contest=contest, finished_at__lte=at)


def page(attempts: QuerySet[Attempt], above: int, limit: int) -> list[Placed]:
    """`limit` of these, best first, below the first `above`."""
    shown = list(attempts.order_by(*ORDER)[above : above + limit])
    if not shown:
        return []
    entries = ranked(map(Entry, shown), above=above, first_rank=_rank(attempts, shown[0]))
    return [Placed(rank, place, entry.attempt) for place, (rank, entry) in enumerate(entries, start=above + 1)]


def place_of(attempts: QuerySet[Attempt], own: Attempt) -> Placed:
    """Where `own`, one of these, stands among them."""
    tied = attempts.filter(score=own.score, correct_ms=own.correct_ms)
    earlier = Q(started_at__lt=own.started_at) | Q(started_at=own.started_at, participant__lt=own.participant_id)
    rank = _rank(attempts, own)
    return Placed(rank, rank + tied.filter(earlier).count(), own)


def voided(contest: Contest) -> tuple[int, ...]:
    """The numbers of the questions that count for nobody."""
    questions = contest.frozen_questions.filter(voided_at__isnull=False)
    return tuple(questions.order_by("position").values_list("position", flat=True))


def _rank(attempts: QuerySet[Attempt], own: Attempt) -> int:
    better = Q(score__gt=own.score) | Q(score=own.score, correct_ms__lt=own.correct_ms)
    return 1 + attempts.filter(better).count()


def _better_than_the_outer() -> Q:
    """Of two runs, which one counts: see `actions.let_the_best_count`."""
    same_score, same_time = Q(score=OuterRef("score")), Q(correct_ms=OuterRef("correct_ms"))
    return (
        Q(score__gt=OuterRef("score"))
        | same_score & Q(correct_ms__lt=OuterRef("correct_ms"))
        | same_score & same_time & Q(number__lt=OuterRef("number"))
    )


def _rows(placed: list[Placed]) -> tuple[BoardRow, ...]:
    gone = accounts.deleted_ids([one.attempt.user_id for one in placed])
    return tuple(_row(one.rank, one.attempt, gone) for one in placed)


def _row(rank: int, attempt: Attempt, gone: set[str]) -> BoardRow:
    return BoardRow(
        rank=rank,
        user_id=attempt.user_id,
        name=_("Former player") if attempt.user_id in gone else attempt.username,
        score=attempt.score,
        correct_count=attempt.correct_count,
        correct_ms=attempt.correct_ms,
        best_streak=attempt.best_streak,
    )
