"""`momentum replay GAME`: a game's journal, event by event, and the board that it leads to."""

import sys

import msgspec

from momentum.environment import Environment
from momentum.game import ranking
from momentum.game.apply import replay
from momentum.wiring.django_setup import set_up_django


def run(_environment: Environment, game_id: str) -> int:
    """Print the journal of a game. 1: there is none, or it cannot be read."""
    set_up_django()
    from django.db import DatabaseError

    from momentum.wiring.journals import entries

    try:
        journal = entries(game_id)
    except DatabaseError as error:
        return _fail(f"The journal cannot be read ({error}): momentum check says why.")
    if not journal:
        return _fail(f"There is no journal of a game {game_id}. `momentum status` lists the open games.")
    for seq, entry in journal:
        event = msgspec.to_builtins(entry)
        facts = " ".join(f"{key}={value}" for key, value in event.items() if key not in ("at", "kind", "questions"))
        print(f"{seq:6d} {entry.at:9d} ms  {event['kind']:16} {facts}")  # noqa: T201
    game = replay(entry for _seq, entry in journal)
    print(f"\n{game.name}: {game.phase.value}, question {game.number} of {len(game.questions)}")  # noqa: T201
    for standing in ranking.standings(game.seats.values()):
        print(f"{standing.rank:6d}. {standing.seat.username}: {standing.seat.score}")  # noqa: T201
    return 0


def _fail(message: str) -> int:
    sys.stderr.write(message + "\n")
    return 1
