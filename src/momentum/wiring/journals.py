"""Journals as commands read them, whatever database keeps them. Needs Django to be set up."""

import msgspec

from momentum.game.events import AnyEvent
from momentum.web.games.models import JournalEntry

_decode = msgspec.json.Decoder(AnyEvent).decode


def entries(game_id: str, *, alias: str | None = None) -> list[tuple[int, AnyEvent]]:
    """The events of a game with their positions; empty: no such game, or its journal was pruned."""
    rows = JournalEntry.objects.using(alias).filter(game_id=game_id).order_by("seq")
    return [(seq, _decode(body)) for seq, body in rows.values_list("seq", "body")]
