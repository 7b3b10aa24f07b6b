"""Opening games."""

from dataclasses import dataclass

import msgspec
from django.utils.translation import gettext as _

from momentum.protocol.internal import OpenGame
from momentum.web import realtime_client, realtime_tasks
from momentum.web.contests.models import Contest, ContestType
from momentum.web.contests.opening import encoded_opening
from momentum.web.play import pins
from momentum.web.play.models import Pin
from momentum.web.refusals import Refusal

OVER = "over"


class NotLive(Refusal):
    error = "not_quick_fire"

    def __str__(self) -> str:
        return _("Only quick fire contests are played live. Change the type of the contest, or open another one.")


@dataclass(frozen=True)
class OpenedPin:
    """A game that realtime has open, in `phase`."""

    pin: Pin
    phase: str


def open_game(contest: Contest) -> OpenedPin | None:
    """Open the contest's game, or find it open; None: it has just ended, and its PIN is retired.

    Raises NotLive, TooFewQuestions, TooManyGames, RealtimeUnavailable (then asking again is safe).
    """
    if contest.contest_type != ContestType.QUICK_FIRE:
        raise NotLive
    pin = pins.get_or_issue(contest, encoded_opening)
    opened = realtime_client.open_game(msgspec.json.decode(pin.opening, type=OpenGame))
    if opened.phase == OVER:
        pins.retire(pin)
        return None
    return OpenedPin(pin, opened.phase)


def abandon(pin: Pin) -> None:
    """Give up a game of which nobody knows whether it was opened: its PIN leads nowhere, and if it lives, it ends."""
    pins.retire(pin)
    realtime_tasks.end_game.enqueue(str(pin.game_id))


def end_games_of_deleted_hosts() -> int:
    """End the open games that nobody is left to run. Returns how many."""
    orphans = Pin.objects.filter(retired_at=None, game_id__isnull=False, contest__owner__deleted_at__isnull=False)
    return sum(realtime_client.end_game(str(pin.game_id)) for pin in orphans)
