"""Finding results, and who may see them. To everybody else they are not there."""

from dataclasses import dataclass
from uuid import UUID

from momentum.web.contests.models import Contest
from momentum.web.games.models import Game, QuestionResult
from momentum.web.play import admission, pins
from momentum.web.play.models import Pin
from momentum.web.play.people import Person
from momentum.web.results.game_report import GameReport
from momentum.web.results.report import Report


@dataclass(frozen=True)
class Found:
    """A source that `who` may know of. `state`: running, unplayed (it ended before a question) or over; `report` only
    when it is over."""

    source_id: UUID
    contest: Contest
    name: str
    state: str
    is_organiser: bool
    report: Report | None = None


def find(source_id: UUID, who: Person | None) -> Found | None:
    """The results of a game; None for who neither organised nor played it."""
    pin = pins.of_game(source_id) if who else None
    role = admission.role(who, pin) if who and pin else None
    if pin is None or role is None:
        return None
    game = Game.objects.filter(pk=str(source_id)).first()
    report = _report(pin, game)
    ended = pin.retired_at is not None or (game is not None and game.ended_ms is not None)
    return Found(
        source_id=source_id,
        contest=pin.contest,
        name=game.name if game else pin.contest.name,
        state="over" if report else "unplayed" if ended else "running",
        is_organiser=role == "host",
        report=report,
    )


def report_of(source_id: UUID) -> Report | None:
    """The results, for who has been let in otherwise."""
    pin = pins.of_game(source_id)
    return _report(pin, Game.objects.filter(pk=str(source_id)).first()) if pin else None


def _report(pin: Pin, game: Game | None) -> Report | None:
    if game is None or game.ended_ms is None or not QuestionResult.objects.filter(game_id=game.pk).exists():
        return None
    return GameReport(pin, game)
