"""How long a large game takes from its journal into memory, with and without a snapshot, on SQLite and PostgreSQL."""

import argparse
import asyncio
import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import median

from tests.postgres_server import OwnPostgres

from momentum.game.apply import apply
from momentum.game.events import (
    AnswerGiven,
    Event,
    GameCreated,
    GameStarted,
    GameTaken,
    PlayerJoined,
    QuestionClosed,
    QuestionOpened,
)
from momentum.game.model import Game
from momentum.game.settings import Host, Question, Settings
from momentum.realtime.journal.contract import Entry, GameRow, Journal, Slice
from momentum.realtime.journal.postgres import PostgresJournal
from momentum.realtime.journal.sqlite import SqliteJournal
from momentum.realtime.recovery import recover
from momentum.realtime.results import results_of
from momentum.realtime.snapshots import Snapshots

TIMES = 7
BATCH = 500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--players", type=int, default=2_000)
    parser.add_argument("--questions", type=int, default=50)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, OwnPostgres() as server:
        asyncio.run(_compare(Path(folder), server.create_database(), chosen.players, chosen.questions))


async def _compare(folder: Path, url: str, players: int, questions: int) -> None:
    _migrate({"MOMENTUM_DATA_DIR": str(folder)})
    _migrate({"MOMENTUM_DATA_DIR": str(folder), "DATABASE_URL": url})
    journals: dict[str, Journal] = {
        "SQLite": SqliteJournal(folder / "games.sqlite3", "power"),
        "PostgreSQL": await PostgresJournal.open(url),
    }
    for name, journal in journals.items():
        for with_snapshots in (False, True):
            game, last_ms = await _play(journal, f"{name}-{with_snapshots}", players, questions, with_snapshots)
            figures = [await _take(journal, game) for _ in range(TIMES)]
            read, built, used, tail = zip(*figures, strict=True)
            both = [one + other for one, other in zip(read, built, strict=True)]
            how = "snapshots" if with_snapshots else "no snapshot"
            print(
                f"{name}, {how}: {game.rev:,} entries, {tail[0]:,} applied;"
                f" taken {median(read):.0f} ms, replayed {median(built):.0f} ms, together {median(both):.0f} ms"
                f" (best {min(both):.0f} ms; processor time {median(used):.0f} ms); the longest append {last_ms:.0f} ms"
            )
        began = time.perf_counter()
        results = results_of(game, 1)
        built_ms = 1000 * (time.perf_counter() - began)
        end = Entry(game.rev + 1, QuestionClosed(at=0, number=questions + 1, reason="ended"), 0)
        began = time.perf_counter()
        verdict = await journal.append([Slice(game_id=game.id, epoch=game.epoch, entries=(end,), results=results)])
        append_ms = 1000 * (time.perf_counter() - began)
        print(f"{name}, the end with {len(results.answers):,} answers: {verdict}, {built_ms:.0f} + {append_ms:.0f} ms")
        await journal.close()


def _migrate(variables: dict[str, str]) -> None:
    subprocess.run([sys.executable, "-m", "momentum", "migrate"], env={**os.environ, **variables}, check=True)


async def _play(
    journal: Journal, game_id: str, players: int, questions: int, with_snapshots: bool
) -> tuple[Game, float]:
    """A game up to its last question's close, kept in batches; and how long the longest append took, in ms."""
    snapshots = Snapshots()
    creation, taken = _creation(game_id, players, questions), GameTaken(at=0, epoch=1, node="node")
    game = Game.created(creation)
    apply(game, taken)
    row = GameRow(id=game_id, source_contest_id="contest", name="Large", access="anyone", incarnation="1", created_ms=1)
    await journal.create(row, "node", (Entry(1, creation, 0), Entry(2, taken, 0)))
    longest = 0.0
    entries: list[Entry] = []
    for event in _story(players, questions):
        apply(game, event)
        entries.append(Entry(game.rev, event, 0))
        closed = isinstance(event, QuestionClosed)
        if closed or len(entries) == BATCH:
            snapshot = snapshots.after(game, [event]) if with_snapshots else None
            began = time.perf_counter()
            slices = [Slice(game_id=game_id, epoch=1, entries=tuple(entries), snapshot=snapshot)]
            assert await journal.append(slices) == {game_id: "kept"}
            longest = max(longest, 1000 * (time.perf_counter() - began))
            entries = []
    return game, longest


def _creation(game_id: str, players: int, questions: int) -> GameCreated:
    return GameCreated(
        at=0,
        game_id=game_id,
        source_contest_id="contest",
        name="Large",
        settings=Settings(max_players=players, timer_ms=15_000, pace="everyone"),
        hosts=(Host("alice", "Alice"),),
        questions=tuple(_question(number) for number in range(questions)),
        seed=1,
    )


def _story(players: int, questions: int) -> Iterator[Event]:
    random = Random(1)
    users = [f"{random.getrandbits(128):032x}" for _ in range(players)]
    for number, user_id in enumerate(users):
        yield PlayerJoined(at=1, user_id=user_id, username=f"Player {number}")
    yield GameStarted(at=2, first_question_at=2)
    for number in range(1, questions + 1):
        at = 20_000 * number
        yield QuestionOpened(at=at, number=number, deadline=at + 15_000)
        for user_id in users:
            t_ms, right = random.randrange(300, 15_000), random.random() < 0.5
            yield AnswerGiven(
                at=at + t_ms,
                number=number,
                user_id=user_id,
                choice=1 if right else 0,
                correct=right,
                points=700 if right else 0,
                t_ms=t_ms,
                credit_ms=40,
            )
        yield QuestionClosed(at=at + 15_000, number=number, reason="answered", next_at=at + 20_000)


def _question(number: int) -> Question:
    return Question(
        id=f"q{number}",
        bank_id=f"bank-{number}",
        category="Geography",
        difficulty="easy",
        text=f"What is the capital of country {number}?",
        options=("Berlin", "Paris", "Rome", "Madrid"),
        correct=1,
    )


async def _take(journal: Journal, game: Game) -> tuple[float, float, float, int]:
    """Milliseconds of the journal, milliseconds from its rows to the game, those that this process worked of both;
    entries after the snapshot."""
    gc.collect()
    began, idle = time.perf_counter(), time.process_time()
    taken = await journal.take(game.id, "node")
    took = time.perf_counter()
    assert taken is not None
    recovered = recover(taken).game
    done, used = time.perf_counter(), time.process_time() - idle
    game.epoch = recovered.epoch
    assert recovered == game
    return 1000 * (took - began), 1000 * (done - took), 1000 * used, len(taken.entries)


if __name__ == "__main__":
    main()
