"""What must hold of every simulation once it has ended."""

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import msgspec
from tests.e2e.checker import Kept, kept_violations
from tests.e2e.history import History

from momentum.game.apply import apply, replay
from momentum.game.events import GameCreated, GameTaken, QuestionClosed, QuestionOpened
from momentum.game.model import Game
from momentum.realtime.presence import GRACE_MS
from momentum.realtime.snapshots import game_of

from . import database

if TYPE_CHECKING:
    from .world import Kill, World

SLACK_MS = 5
"""For whole milliseconds and clocks that are not quite true."""
ALONE_S = 4.0
"""A kill counts as one by itself where there was no other in so many seconds before and after."""


def violations(world: "World") -> list[str]:
    """A sentence for everything that does not hold."""
    found: list[str] = []
    for game_id, game in world.database.games.items():
        found += _writers(game)
        events = [entry.event for entry in game.entries]
        if not game.ended:
            phase = replay(events).phase.value
            found.append(f"{game_id} has not ended after {world.loop.time():.0f} s: phase {phase}")
            continue
        found += [
            *kept_violations(_kept(game), [one for one in world.histories[game_id] if any(one.of_type("GAME_STATE"))]),
            *_clock(world, game),
            *_deadlines(game),
            *_waiting(world, game),
            *_snapshots(game),
        ]
    return found


def _lonely(kills: "list[Kill]") -> "list[Kill]":
    """Those with no other one in so many seconds."""
    return [kill for kill in kills if all(kill is other or abs(kill.at_s - other.at_s) > ALONE_S for other in kills)]


def takeovers_s(world: "World") -> list[float]:
    """How long the games of a killed node were without a writer."""
    waits = []
    for kill in _lonely(world.kills):
        for game_id in kill.games:
            game = world.database.games[game_id]
            taken_s = [
                world.clocks[game.takers[entry.event.epoch]].true_s(entry.mono_ms)
                for entry in game.entries
                if isinstance(entry.event, GameTaken)
            ]
            waits += [when - kill.at_s for when in taken_s if when > kill.at_s][:1]
    return waits


def silences_s(world: "World") -> list[float]:
    """How long everybody who was in a game of a killed node waited until they were in it again."""
    return [
        silence
        for kill in _lonely(world.kills)
        for game_id in kill.games
        for history in world.histories[game_id]
        if (silence := _silence(history, kill.at_s)) is not None
    ]


def _silence(history: History, since: float) -> float | None:
    """From a moment until the client was in the game again; None: it was not in it, or saw it end."""
    before = [frame for frame in history.frames if frame.at <= since]
    after = [frame.at - since for frame in history.frames if frame.at > since and frame.type == "GAME_STATE"]
    return after[0] if before and after else None


def _kept(game: database.Game) -> Kept:
    """The game as the checker of real databases reads it."""
    assert game.results is not None
    results = game.results

    def rows(structs: Any) -> list[dict[str, Any]]:
        return [msgspec.structs.asdict(struct) for struct in structs]

    return Kept(
        seqs=[entry.seq for entry in game.entries],
        events=[entry.event for entry in game.entries],  # type: ignore[misc]
        ended_ms=results.ended_ms,
        players=rows(sorted(results.players, key=lambda row: row.place)),
        questions=rows(sorted(results.questions, key=lambda row: row.number)),
        answers=rows(sorted(results.answers, key=lambda row: (row.number, row.user_id))),
    )


def _writers(game: database.Game) -> Iterator[str]:
    """An epoch's entries come after its taking, and before the next one's."""
    epoch = 1
    for entry, writer in zip(game.entries, game.writers, strict=True):
        if isinstance(entry.event, GameTaken):
            epoch = entry.event.epoch
        if writer != epoch and not isinstance(entry.event, GameCreated):
            yield f"{game.row.id}: entry {entry.seq} was written at epoch {writer}, in the middle of epoch {epoch}"
    for taken, written in game.late:
        yield f"{game.row.id}: entries of epoch {written} were kept after epoch {taken} had begun"


def _clock(world: "World", game: database.Game) -> Iterator[str]:
    """The game's clock never runs faster than time, and not while nobody writes."""
    for (before, writer), (entry, at) in pairwise(zip(game.entries, game.writers, strict=True)):
        if isinstance(entry.event, GameCreated):
            continue
        node = game.takers[writer]
        begins = world.clocks[node].true_s(before.mono_ms)
        ends = world.clocks[game.takers[at]].true_s(entry.mono_ms)
        if isinstance(entry.event, GameTaken):
            ends = min(ends, world.watch.lived_until_s(game.row.id, writer, node))
        ran_ms, most_ms = entry.event.at - before.event.at, max(0.0, ends - begins) * 1000
        if ran_ms > most_ms + SLACK_MS:
            yield f"{game.row.id}: up to entry {entry.seq} the clock ran {ran_ms} ms, a writer only {most_ms:.0f}"


def _deadlines(game: database.Game) -> Iterator[str]:
    opened: dict[int, QuestionOpened] = {}
    for event in (entry.event for entry in game.entries):
        if isinstance(event, QuestionOpened):
            opened[event.number] = event
        elif isinstance(event, QuestionClosed) and event.reason == "deadline":
            if event.at <= opened[event.number].deadline:
                yield f"{game.row.id}: question {event.number} was closed by its deadline before that"


def _waiting(world: "World", game: database.Game) -> Iterator[str]:
    """A question that closed because nobody was left to wait for: whoever was awaited was away for the whole grace."""
    first = game.entries[0].event
    assert isinstance(first, GameCreated)
    state = Game.created(first)
    began_s: dict[int, float] = {}
    for entry, writer in zip(game.entries[1:], game.writers[1:], strict=True):
        event = entry.event
        decided_s = world.clocks[game.takers[writer]].true_s(entry.mono_ms)
        began_s.setdefault(writer, decided_s)
        if isinstance(event, QuestionClosed) and event.reason == "answered" and state.awaited:
            since_s = decided_s - (GRACE_MS - SLACK_MS) / 1000
            if began_s[writer] > since_s and writer > 1:
                yield f"{game.row.id}: right after a takeover, question {event.number} waited for nobody"
            for user_id in sorted(state.awaited):
                if world.watch.was_there(game.row.id, user_id, writer, since_s, decided_s):
                    yield f"{game.row.id}: question {event.number} did not wait for {user_id}, who was there"
        apply(state, event)


def _snapshots(game: database.Game) -> Iterator[str]:
    """A snapshot and what came after it give the same game as all of the journal."""
    whole = replay(entry.event for entry in game.entries)
    for snapshot in game.snapshots:
        state = game_of(snapshot)
        for entry in game.entries[snapshot.seq :]:
            apply(state, entry.event)
        if state != whole:
            yield f"{game.row.id}: the snapshot after entry {snapshot.seq} leads to another game"
