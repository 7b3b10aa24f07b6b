"""Who may enter a game, in which role, and the ticket that says so."""

import time

from django.conf import settings

from momentum.protocol.tickets import Keys, mint_login, mint_ticket
from momentum.protocol.to_client import Role
from momentum.web.contests.models import Access
from momentum.web.games.models import PlayerResult
from momentum.web.play.models import Pin
from momentum.web.play.people import Person


def role(who: Person, pin: Pin) -> Role | None:
    """The role of `who` in the game of `pin`; None: may not enter. To a game that is over only its people come back."""
    if who.user_id == str(pin.contest.owner_id):
        return "host"
    if pin.retired_at is not None:
        return "player" if PlayerResult.objects.filter(game_id=str(pin.game_id), user_id=who.user_id).exists() else None
    return None if who.is_guest and pin.contest.access == Access.ACCOUNTS else "player"


def ticket(who: Person, pin: Pin, role: Role) -> str:
    """One admission, good for a minute."""
    return mint_ticket(_keys(), sub=who.user_id, username=who.username, game_id=str(pin.game_id), role=role, at=_now())


def login_token(who: Person) -> str:
    """An account's token for realtime's own calls."""
    return mint_login(_keys(), sub=who.user_id, username=who.username, at=_now())


def _keys() -> Keys:
    return Keys(settings.MOMENTUM.jwt_secrets)


def _now() -> int:
    return int(time.time())
