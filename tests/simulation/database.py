"""The database of a simulation: what is committed, and the transactions on their way there.

Rows are locked as PostgreSQL locks them: an append shares its games' rows until it is committed, whoever takes a game
waits for that, and reads what was kept.
"""

from collections.abc import Callable, Iterable, Iterator
from contextvars import copy_context
from dataclasses import dataclass, field
from random import Random
from typing import Any

import msgspec

from momentum.game.events import AnswerGiven, AnyEvent, Event, GameEnded, GameTaken, QuestionClosed, QuestionOpened
from momentum.realtime.journal.contract import (
    Entry,
    FromNewerVersion,
    GameRow,
    Heartbeat,
    JournalUnavailable,
    Node,
    Slice,
    Snapshot,
    Taken,
    Verdict,
    Whereabouts,
)
from momentum.realtime.results import Results
from momentum.realtime.snapshots import FORM

from .loop import VirtualLoop

TIMEOUT_S = 2.0
"""How long a call waits for the database."""


@dataclass
class Weather:
    """How it goes with the database. Chances are per call; times in seconds, (least, most).

    lost: the call never arrives. unknown: it does, but its answer is lost. late: it arrives after the caller has been
    told that it failed.
    """

    network_s: tuple[float, float] = (0.0002, 0.001)
    commit_s: tuple[float, float] = (0.0005, 0.004)
    lost: float = 0.0
    unknown: float = 0.0
    late: float = 0.0


@dataclass
class Game:
    """A game's rows. `writers`: the epoch that each entry was appended at; `takers`: the node of each epoch.

    `late`: (the game's epoch, the writer's) where something was kept that should not have been.
    """

    row: GameRow
    node: str
    epoch: int = 1
    entries: list[Entry] = field(default_factory=list)
    writers: list[int] = field(default_factory=list)
    takers: dict[int, str] = field(default_factory=dict)
    facts: set[tuple[object, ...]] = field(default_factory=set)
    late: list[tuple[int, int]] = field(default_factory=list)
    snapshot: Snapshot | None = None
    snapshots: list[Snapshot] = field(default_factory=list)
    results: Results | None = None
    heard_epoch: int = 0
    heard_ms: int | None = None
    shared_until: float = 0.0
    owned_until: float = 0.0

    @property
    def where(self) -> Whereabouts:
        row = self.row
        return Whereabouts(
            game_id=row.id, node=self.node, access=row.access, incarnation=row.incarnation, ended=self.ended
        )

    @property
    def ended(self) -> bool:
        return self.results is not None


class Database:
    """`up` false: every call is refused. `fences`: whether appends look at the epoch. `newer`: the games that have
    entries of newer code."""

    fences = True

    def __init__(self, loop: VirtualLoop, random: Random, weather: Weather) -> None:
        self.games: dict[str, Game] = {}
        self.beats: dict[str, tuple[Node, int, int]] = {}
        self.weather = weather
        self.up = True
        self.restarts = 0
        self.newer: set[str] = set()
        self._loop = loop
        self._random = random
        self._world = copy_context()

    # Transactions

    def begin(
        self, answer: Any, rows: Iterable[str], effect: Callable[[], Any], *, owns: bool = False, reachable: bool = True
    ) -> None:
        """Carry out `effect`, and settle the future `answer`. `rows`: the games to lock; `owns`: for this one alone."""
        random, weather, now = self._random, self.weather, self._loop.time()
        arrives = now + random.uniform(*weather.network_s)
        fate = random.random()
        if not reachable or fate < weather.lost:
            return self._fail(answer, now + random.uniform(0.0, TIMEOUT_S) ** 2 / TIMEOUT_S)
        if fate < weather.lost + weather.unknown + weather.late:
            self._fail(answer, arrives + random.uniform(0.0, 0.05))
            answer = self._loop.create_future()  # nobody waits for the real one
            if fate < weather.lost + weather.late:
                arrives += random.uniform(0.0, TIMEOUT_S)
        else:
            self._fail(answer, now + TIMEOUT_S)
        self._loop.at(arrives, self._world, self._arrive, answer, tuple(rows), effect, owns)

    def restart(self) -> None:
        """Lose what is not committed."""
        self.restarts += 1
        for game in self.games.values():
            game.shared_until = game.owned_until = 0.0

    def _fail(self, answer: Any, when: float) -> None:
        self._loop.at(when, self._world, _settle, answer, JournalUnavailable("the database does not answer"))

    def _arrive(self, answer: Any, rows: tuple[str, ...], effect: Callable[[], Any], owns: bool) -> None:
        now = self._loop.time()
        if not self.up:
            return self._fail(answer, now + self._random.uniform(*self.weather.network_s))
        locked = [self.games[row] for row in rows if row in self.games]
        free_at = max((max(game.owned_until, game.shared_until if owns else 0.0) for game in locked), default=now)
        commits = max(now, free_at) + self._random.uniform(*self.weather.commit_s)
        for game in locked:
            game.shared_until = max(game.shared_until, commits)
            if owns:
                game.owned_until = commits
        self._loop.at(commits, self._world, self._commit, answer, effect, self.restarts)

    def _commit(self, answer: Any, effect: Callable[[], Any], restarts: int) -> None:
        back = self._loop.time() + self._random.uniform(*self.weather.network_s)
        if restarts != self.restarts:
            return self._fail(answer, back)
        try:
            outcome = effect()
        except FromNewerVersion as error:
            outcome = error
        self._loop.at(back, self._world, _settle, answer, outcome)

    # What transactions do

    def create(self, row: GameRow, node: str, entries: tuple[Entry, ...]) -> bool:
        if row.id in self.games:
            return False
        game = self.games[row.id] = Game(row, node)
        game.takers[1] = node
        self._add(game, entries, 1)
        return True

    def append(self, slices: list[Slice]) -> dict[str, Verdict]:
        return {one.game_id: self._keep(one) for one in slices}

    def take(self, game_id: str, node: str, owner: str | None) -> Taken | None:
        game = self.games.get(game_id)
        if game is None or game.ended or (owner is not None and game.node != owner):
            return None
        self._refuse_newer(game_id)
        self._settle_life(game)
        game.epoch += 1
        game.node = game.takers[game.epoch] = node
        snapshot = game.snapshot if game.snapshot and game.snapshot.version == FORM else None
        after = snapshot.seq if snapshot else 0
        return Taken(
            epoch=game.epoch,
            access=game.row.access,
            incarnation=game.row.incarnation,
            snapshot=snapshot,
            entries=tuple(entry for entry in game.entries if entry.seq > after),
            last_mono_ms=game.entries[-1].mono_ms,
            beat_ms=game.heard_ms,
        )

    def read(self, game_id: str) -> tuple[Entry, ...]:
        self._refuse_newer(game_id)
        return tuple(self.games[game_id].entries) if game_id in self.games else ()

    def find(self, game_id: str) -> Whereabouts | None:
        return self.games[game_id].where if game_id in self.games else None

    def prune(self, ended_before_ms: int, limit: int) -> int:
        ended = [(game.results.ended_ms, game) for game in self.games.values() if game.results and game.entries]
        old = sorted((one for one in ended if one[0] < ended_before_ms), key=lambda one: one[0])[:limit]
        for _, game in old:
            game.entries, game.snapshot = [], None
        return len(old)

    def hand_over(self, game_ids: list[str], node: str) -> None:
        for game_id in game_ids:
            game = self.games.get(game_id)
            if game is not None and game.node == node:
                game.node = ""
                self._settle_life(game)

    def beat(self, node: Node, mono_ms: int) -> list[Heartbeat]:
        _, count, _ = self.beats.get(node.id, (node, 0, 0))
        self.beats[node.id] = node, count + 1, mono_ms
        return [Heartbeat(node, count) for node, count, _ in self.beats.values()]

    def forget(self, node_id: str) -> None:
        if not any(game.node == node_id and not game.ended for game in self.games.values()):
            self.beats.pop(node_id, None)

    def open_games(self, owner: str | None) -> list[Whereabouts]:
        games = sorted(self.games.values(), key=lambda game: (game.row.created_ms, game.row.id))
        return [game.where for game in games if not game.ended and owner in (None, game.node)]

    def _refuse_newer(self, game_id: str) -> None:
        if game_id in self.newer:
            raise FromNewerVersion(game_id)

    def _settle_life(self, game: Game) -> None:
        """Note the latest heartbeat of the node that wrote the last entries, once."""
        writer = game.writers[-1]
        if game.heard_epoch != writer:
            _, _, heard_ms = self.beats.get(game.takers[writer], (None, 0, None))
            game.heard_epoch, game.heard_ms = writer, heard_ms

    def _keep(self, one: Slice) -> Verdict:
        game = self.games.get(one.game_id)
        if game is None or game.ended or (self.fences and game.epoch != one.epoch):
            return "fenced"
        facts = [*(fact for entry in one.entries for fact in _facts(entry)), *_rows(one.results)]
        if len(game.facts.union(facts)) < len(game.facts) + len(facts):
            return "refused"
        if one.epoch != game.epoch:
            game.late.append((game.epoch, one.epoch))
        self._add(game, one.entries, one.epoch)
        game.results = one.results or game.results
        if one.snapshot is not None:
            game.snapshot = one.snapshot
            game.snapshots.append(one.snapshot)
        return "kept"

    def _add(self, game: Game, entries: tuple[Entry, ...], epoch: int) -> None:
        for entry in entries:
            game.entries.append(Entry(entry.seq, _written_and_read(entry.event), entry.mono_ms))
            game.facts.update(_facts(entry))
            game.writers.append(epoch)


def _settle(answer: Any, outcome: Any) -> None:
    if answer.done():
        return
    if isinstance(outcome, Exception):
        answer.set_exception(outcome)
        answer.exception()  # whoever asked may be dead
    else:
        answer.set_result(outcome)


def _facts(entry: Entry) -> Iterator[tuple[object, ...]]:
    """What there may be only one of in a game."""
    yield "seq", entry.seq
    match entry.event:
        case AnswerGiven(number=number, user_id=user_id):
            yield "answer", number, user_id
        case QuestionOpened(number=number) | QuestionClosed(number=number):
            yield type(entry.event), number
        case GameTaken(epoch=epoch):
            yield "taken", epoch
        case GameEnded():
            yield ("end",)


def _rows(results: Results | None) -> Iterator[tuple[object, ...]]:
    """What there may be only one of in the results of a game."""
    if results is not None:
        yield from (("player", row.user_id) for row in results.players)
        yield from (("question", row.number) for row in results.questions)
        yield from (("answer row", row.number, row.user_id) for row in results.answers)


def _written_and_read(event: Event) -> Event:
    event = msgspec.json.decode(msgspec.json.encode(event), type=AnyEvent)
    return event
