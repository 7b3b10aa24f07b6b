"""`momentum replay GAME`: a game's journal, event by event, and the board that it leads to."""

import asyncio
import sys

import msgspec

from momentum.environment import Environment
from momentum.game import ranking
from momentum.game.apply import replay
from momentum.realtime.journal.contract import Entry, JournalUnavailable
from momentum.wiring.journal import open_journal


def run(environment: Environment, game_id: str) -> int:
    """Print the journal of a game. 1: there is none, or it cannot be replayed."""
    try:
        entries = asyncio.run(_read(environment, game_id))
    except JournalUnavailable as error:
        return _fail(
            f"The journal cannot be read ({error}). Run `momentum migrate` first, or look at MOMENTUM_DATA_DIR."
        )
    if not entries:
        return _fail(f"There is no game {game_id}. `momentum status` lists the open ones.")
    for entry in entries:
        event = msgspec.to_builtins(entry.event)
        facts = " ".join(f"{key}={value}" for key, value in event.items() if key not in ("at", "kind", "questions"))
        print(f"{entry.seq:6d} {entry.event.at:9d} ms  {event['kind']:16} {facts}")  # noqa: T201
    game = replay(entry.event for entry in entries)
    print(f"\n{game.name}: {game.phase.value}, question {game.number} of {len(game.questions)}")  # noqa: T201
    for standing in ranking.standings(game.seats.values()):
        print(f"{standing.rank:6d}. {standing.seat.username}: {standing.seat.score}")  # noqa: T201
    return 0


async def _read(environment: Environment, game_id: str) -> tuple[Entry, ...]:
    journal = await open_journal(environment)
    try:
        return await journal.read(game_id)
    finally:
        await journal.close()


def _fail(message: str) -> int:
    sys.stderr.write(message + "\n")
    return 1
