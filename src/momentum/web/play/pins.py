"""Issuing, finding and retiring PINs."""

import secrets
import uuid
from collections.abc import Callable, Iterable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from momentum.web.accounts.models import User
from momentum.web.contests import lifecycle
from momentum.web.contests.models import Contest, Entry
from momentum.web.contests.status import Status
from momentum.web.games.models import Game, QuestionResult
from momentum.web.play.models import Pin
from momentum.web.refusals import Refusal
from momentum.web.webhooks import events
from momentum.web.webhooks.actions import announce

NEVER_OPENED_AFTER = timedelta(minutes=5)
"""A PIN takes one of its owner's places: not for longer than opening a game may take, tried a few times."""
TRIES = 20


class TooManyGames(Refusal):
    error = "too_many_games"

    def __str__(self) -> str:
        return _("You have %(most)d games open already. End one of them, then open this one.") % {
            "most": settings.MOMENTUM.limits.max_games_per_host
        }


def by_code(code: str) -> Pin | None:
    """The open PIN of these six digits. That of a contest for people who are invited opens nothing."""
    pins = Pin.objects.select_related("contest").filter(code=code)
    return _open_one(pins.exclude(game_id=None, contest__entry=Entry.INVITED))


def of_contest(contest: Contest) -> Pin | None:
    """The contest's open PIN."""
    return _open_one(Pin.objects.select_related("contest").filter(contest=contest))


def open_game(contest: Contest) -> Pin | None:
    """The contest's open PIN, if it is a game's."""
    pin = of_contest(contest)
    return pin if pin and pin.game_id else None


def newest(contest: Contest) -> Pin | None:
    """The PIN of the contest's last game, as the table has it."""
    return contest.pins.filter(game_id__isnull=False).order_by("-issued_at").first()


def of_game(game_id: UUID) -> Pin | None:
    """The PIN of a game; retired if the game has ended."""
    pin = Pin.objects.select_related("contest__owner").filter(game_id=game_id).first()
    if pin and pin.retired_at is None and _ended([pin]):
        retire(pin)
    return pin


@transaction.atomic
def get_or_issue(contest: Contest, opening: Callable[[Contest, UUID], str]) -> Pin:
    """The contest's open PIN, else a new one whose `opening` is what the function makes of the game's id.

    Raises TooManyGames, and whatever `opening` raises; then nothing was issued.
    """
    # One organiser opens one game at a time, or two at once would pass the limit together.
    User.objects.select_for_update().get(pk=contest.owner_id)
    if pin := of_contest(contest):
        return pin
    if len(open_pins(contest.owner_id)) >= settings.MOMENTUM.limits.max_games_per_host:
        raise TooManyGames
    game_id = uuid.uuid4()
    return _issue(contest, game_id, opening(contest, game_id))


def issue_for_attempts(contest: Contest) -> Pin:
    """The open PIN of a contest that is played alone, issued where it has none."""
    return contest.pins.filter(retired_at=None).first() or _issue(contest, None, "")


def retire_for_attempts(contest_id: UUID) -> None:
    """The contest takes nobody in any more: its PIN leads nowhere."""
    Pin.objects.filter(contest_id=contest_id, game_id=None, retired_at=None).update(retired_at=timezone.now())


def open_pins(owner_id: UUID) -> list[Pin]:
    """The PINs of an organiser's open games, newest first. Those whose game has ended are retired on the way."""
    of_games = Pin.objects.select_related("contest").filter(contest__owner_id=owner_id, game_id__isnull=False)
    return _without_ended(of_games.order_by("-issued_at"))


def retire(pin: Pin) -> None:
    """The game is over: its PIN leads nowhere any more. The contest counts as played if a question was asked.

    Whoever retires it first tells the owner's webhooks, if the game has been there and ended.
    """
    pin.played = QuestionResult.objects.filter(game_id=str(pin.game_id)).exists()
    pin.retired_at, pin.opening = timezone.now(), ""
    fields = {"retired_at": pin.retired_at, "played": pin.played, "opening": ""}
    with transaction.atomic():
        if not Pin.objects.filter(pk=pin.pk, retired_at=None).update(**fields):
            return
        if pin.played:
            lifecycle.change_status(pin.contest_id, Status.PLAYED)
        if game := Game.objects.filter(pk=str(pin.game_id), ended_ms__isnull=False).first():
            announce(events.game_over(game, pin.contest), pin.contest)


def retire_ended() -> int:
    """Retire the PINs of games that have ended, and of games that realtime was never told of. Returns how many."""
    pins = Pin.objects.select_related("contest").filter(retired_at=None, game_id__isnull=False)
    known = set(Game.objects.filter(pk__in=[str(pin.game_id) for pin in pins]).values_list("pk", flat=True))
    before = timezone.now() - NEVER_OPENED_AFTER
    ended = _ended(pins)
    gone = [pin for pin in pins if pin.game_id in ended or (str(pin.game_id) not in known and pin.issued_at < before)]
    for pin in gone:
        retire(pin)
    return len(gone)


def _issue(contest: Contest, game_id: UUID | None, opening: str) -> Pin:
    for _try in range(TRIES):
        code = str(100_000 + secrets.randbelow(900_000))
        try:
            with transaction.atomic():
                return Pin.objects.create(code=code, contest=contest, game_id=game_id, opening=opening)
        except IntegrityError:
            continue
    raise RuntimeError("no free PIN was found")


def _open_one(pins: QuerySet[Pin]) -> Pin | None:
    return next(iter(_without_ended(pins)), None)


def _without_ended(pins: QuerySet[Pin]) -> list[Pin]:
    found = list(pins.filter(retired_at=None))
    ended = _ended(found)
    for pin in found:
        if pin.game_id in ended:
            retire(pin)
    return [pin for pin in found if pin.game_id not in ended]


def _ended(pins: Iterable[Pin]) -> set[UUID]:
    ids = [str(pin.game_id) for pin in pins if pin.game_id]
    games = Game.objects.filter(pk__in=ids, ended_ms__isnull=False) if ids else Game.objects.none()
    return {UUID(pk) for pk in games.values_list("pk", flat=True)}
