"""The board of a contest that is played alone: what stands on it, and what of it may be seen when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from momentum.game.ranking import ranked
from momentum.web import clock
from momentum.web.accounts import queries as accounts
from momentum.web.attempts import rules
from momentum.web.attempts.models import Attempt
from momentum.web.contests.models import Contest, Scoreboard
from momentum.web.contests.status import Status, status_at


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
    """`frozen_at`: it shows how things stood then, and stays so until the contest closes."""

    rows: tuple[BoardRow, ...]
    frozen_at: datetime | None = None


def board_at(contest: Contest, now: datetime, *, for_organiser: bool = False) -> Board | None:
    """The board as it may be seen now; None while it is hidden. The organiser always sees it as it stands."""
    if for_organiser or is_closed(contest, now):
        return Board(_rows(standing(contest)))
    if contest.scoreboard == Scoreboard.HIDDEN or not rules.shows_results_at_once(contest):
        return None
    frozen_at = freezes_at(contest)
    if frozen_at is None or now < frozen_at:
        return Board(_rows(standing(contest)))
    return Board(_rows(standing_then(contest, frozen_at)), frozen_at)


def is_closed(contest: Contest, now: datetime) -> bool:
    return status_at(contest, now) in (Status.CLOSED, Status.ARCHIVED)


def freezes_at(contest: Contest) -> datetime | None:
    if contest.scoreboard != Scoreboard.FROZEN or contest.closes_at is None:
        return None
    return contest.closes_at - timedelta(minutes=contest.freeze_min)


def standing(contest: Contest) -> QuerySet[Attempt]:
    """The attempts on the board, in no order."""
    return Attempt.objects.filter(contest=contest, counts=True, finished_at__isnull=False)


def standing_then(contest: Contest, at: datetime) -> list[Attempt]:
    """The attempts that stood on the board at `at`: each participant's best that was finished by then, in a marathon;
    the newest one, in a standard contest."""
    found: dict[str, Attempt] = {}
    for attempt in Attempt.objects.filter(contest=contest, finished_at__lte=at).order_by("number"):
        known = found.get(attempt.user_id)
        if known is None or not rules.is_marathon(contest) or _better(attempt, known):
            found[attempt.user_id] = attempt
    return list(found.values())


def voided(contest: Contest) -> tuple[int, ...]:
    """The numbers of the questions that count for nobody."""
    questions = contest.frozen_questions.filter(voided_at__isnull=False)
    return tuple(questions.order_by("position").values_list("position", flat=True))


def _better(one: Attempt, other: Attempt) -> bool:
    return (one.score, -one.correct_ms) > (other.score, -other.correct_ms)


def _rows(attempts: QuerySet[Attempt] | list[Attempt]) -> tuple[BoardRow, ...]:
    entries = [Entry(attempt) for attempt in attempts]
    gone = accounts.deleted_ids([entry.attempt.user_id for entry in entries])
    return tuple(_row(rank, entry.attempt, gone) for rank, entry in ranked(entries))


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
