"""Finding results, and who may see them. To everybody else they are not there."""

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from momentum.web.attempts import scoreboard
from momentum.web.attempts.models import Attempt
from momentum.web.contests.models import Contest, ContestType
from momentum.web.games.models import Game, QuestionResult
from momentum.web.play import admission, pins
from momentum.web.play.models import Pin
from momentum.web.play.people import Person
from momentum.web.results.attempts_report import AttemptsReport
from momentum.web.results.game_report import GameReport
from momentum.web.results.report import Report


@dataclass(frozen=True)
class Found:
    """A source that `who` may know of. `state`: running, counting (its last attempts are being ended), unplayed (it
    ended before a question) or over; `report` only when it is over."""

    source_id: UUID
    contest: Contest
    name: str
    state: str
    is_organiser: bool
    report: Report | None = None


def find(source_id: UUID, who: Person | None) -> Found | None:
    """The results of a game, or of a contest played alone; None for who neither organised nor played it."""
    if who is None:
        return None
    pin = pins.of_game(source_id)
    return _find_game(pin, who) if pin else _find_contest(source_id, who)


def report_of(source_id: UUID) -> Report | None:
    """The results, for who has been let in otherwise."""
    pin = pins.of_game(source_id)
    if pin:
        return _report_of_game(pin, Game.objects.filter(pk=str(source_id)).first())
    contest = _played_alone(source_id)
    return _report_of_contest(contest) if contest else None


def _find_game(pin: Pin, who: Person) -> Found | None:
    role = admission.role(who, pin)
    if role is None or pin.game_id is None:
        return None
    game = Game.objects.filter(pk=str(pin.game_id)).first()
    report = _report_of_game(pin, game)
    ended = pin.retired_at is not None or (game is not None and game.ended_ms is not None)
    return Found(
        source_id=pin.game_id,
        contest=pin.contest,
        name=game.name if game else pin.contest.name,
        state="over" if report else "unplayed" if ended else "running",
        is_organiser=role == "host",
        report=report,
    )


def _find_contest(contest_id: UUID, who: Person) -> Found | None:
    contest = _played_alone(contest_id)
    if contest is None:
        return None
    is_organiser = who.user_id == str(contest.owner_id)
    if not is_organiser and not Attempt.objects.filter(contest=contest, user_id=who.user_id).exists():
        return None
    report = _report_of_contest(contest)
    now = timezone.now()
    state = "unplayed" if scoreboard.is_final(contest, now) else "running"
    if state == "running" and scoreboard.is_closed(contest, now):
        state = "counting"
    return Found(
        source_id=contest.pk,
        contest=contest,
        name=contest.name,
        state="over" if report else state,
        is_organiser=is_organiser,
        report=report,
    )


def _report_of_game(pin: Pin, game: Game | None) -> Report | None:
    if game is None or game.ended_ms is None or not QuestionResult.objects.filter(game_id=game.pk).exists():
        return None
    return GameReport(pin, game)


def _report_of_contest(contest: Contest) -> Report | None:
    """None before it has closed by its dates, while the worker has not ended its last attempts, and for one of none."""
    if not scoreboard.is_final(contest, timezone.now()):
        return None
    return AttemptsReport(contest) if scoreboard.standing(contest).exists() else None


def _played_alone(contest_id: UUID) -> Contest | None:
    return Contest.objects.exclude(contest_type=ContestType.QUICK_FIRE).filter(pk=contest_id).first()
