"""Time that only passes when told, a journal in memory that can be made to wait, fail or not know, and sockets that
write down what they are sent."""

import asyncio
import heapq
import itertools
import math
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from momentum.backplane.memory import MemoryBackplane
from momentum.game.events import AnswerGiven, Event, GameEnded, GameTaken, QuestionClosed, QuestionOpened
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
from momentum.realtime.messages import Envelope, Request
from momentum.realtime.results import Results
from momentum.realtime.snapshots import FORM

Message = dict[str, Any]
START_MS = 1_000_000


async def turns(count: int = 20) -> None:
    """Let the event loop go round."""
    for _ in range(count):
        await asyncio.sleep(0)


@dataclass(order=True)
class FakeTimer:
    due_us: int
    order: int
    callback: Callable[[], None] = field(compare=False)
    cancelled: bool = field(compare=False, default=False)

    def cancel(self) -> None:
        self.cancelled = True


class FakeTiming:
    """A Timing whose clock stands until `advance`. `turn` does what was asked for "soon", as an event loop does."""

    def __init__(self) -> None:
        self.now_us = START_MS * 1000
        self._timers: list[FakeTimer] = []
        self._soon: list[Callable[[], None]] = []
        self._order = itertools.count()

    def mono_ms(self) -> int:
        return self.now_us // 1000

    def mono_us(self) -> int:
        return self.now_us

    def unix_ms(self) -> int:
        return 1_800_000_000_000 + self.now_us // 1000

    def call_later(self, delay_ms: int, callback: Callable[[], None]) -> FakeTimer:
        timer = FakeTimer(self.now_us + delay_ms * 1000, next(self._order), callback)
        heapq.heappush(self._timers, timer)
        return timer

    def call_soon(self, callback: Callable[[], None]) -> None:
        self._soon.append(callback)

    @property
    def waiting(self) -> int:
        """How many timers are set."""
        return sum(not timer.cancelled for timer in self._timers)

    def forget(self) -> None:
        """The process that waits for all this is gone."""
        self._timers.clear()
        self._soon.clear()

    def turn(self) -> None:
        """One turn of the event loop: what was asked for before it, not what is asked for in it."""
        soon, self._soon = self._soon, []
        for callback in soon:
            callback()

    def settle(self) -> None:
        while self._soon:
            self.turn()

    async def advance(self, ms: int) -> None:
        """Let time pass, with every timer at its moment, and the loop going round after each."""
        until = self.now_us + ms * 1000
        await self.quiet()
        while self._timers and self._timers[0].due_us <= until:
            timer = heapq.heappop(self._timers)
            self.now_us = max(self.now_us, timer.due_us)
            if not timer.cancelled:
                timer.callback()
                await self.quiet()
        self.now_us = until

    async def quiet(self) -> None:
        """Everything that can happen without time passing has happened."""
        for _ in range(3):
            self.settle()
            await turns()
        self.settle()


class FakeJournal:
    """A Journal in memory. `down`: every call fails. `hold()`: appends wait until `let_go()`.

    `shared`: one with the same content, of which this is another node's way: that may be down alone.
    """

    def __init__(self, shared: "FakeJournal | None" = None) -> None:
        self.batches: list[list[Slice]] = []
        self.most_in_flight = 0
        self.down = False
        self.raises: list[Exception] = []
        """What the next appends fail with, having kept nothing."""
        self.unknown: list[Exception] = []
        """What the next appends fail with, having kept everything."""
        self._games: dict[str, _KeptGame] = shared._games if shared else {}
        self.newer: set[str] = set()
        """The games with entries that only newer code can read."""
        self._beats: dict[str, _Beat] = shared._beats if shared else {}
        self._in_flight = 0
        self._gate = asyncio.Event()
        self._gate.set()

    def hold(self) -> None:
        self._gate.clear()

    def let_go(self) -> None:
        self._gate.set()

    def events(self, game_id: str) -> list[Event]:
        return [entry.event for entry in self._games[game_id].entries]

    def results(self, game_id: str) -> Results | None:
        return self._games[game_id].results

    def epoch(self, game_id: str) -> int:
        return self._games[game_id].epoch

    async def create(self, game: GameRow, node: str, entries: tuple[Entry, ...]) -> bool:
        await self._up()
        if game.id in self._games:
            return False
        self._games[game.id] = _KeptGame(game, node, _as_kept(entries))
        return True

    async def append(self, slices: list[Slice]) -> dict[str, Verdict]:
        self.batches.append(slices)
        self._in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self._in_flight)
        try:
            await self._up()
            await self._gate.wait()
            await self._up()
            if self.raises:
                raise self.raises.pop(0)
            verdicts = {one.game_id: self._keep(one) for one in slices}
            if self.unknown:
                raise self.unknown.pop(0)
            return verdicts
        finally:
            self._in_flight -= 1

    async def take(self, game_id: str, node: str, *, owner: str | None = None) -> Taken | None:
        await self._up()
        game = self._games.get(game_id)
        if game is None or game.ended or owner not in (None, game.node):
            return None
        self._refuse_newer(game)
        game.epoch, game.node = game.epoch + 1, node
        snapshot = game.snapshot if game.snapshot and game.snapshot.version == FORM else None
        self._settle_life(game)
        return Taken(
            epoch=game.epoch,
            access=game.row.access,
            incarnation=game.row.incarnation,
            snapshot=snapshot,
            entries=tuple(entry for entry in game.entries if snapshot is None or entry.seq > snapshot.seq),
            last_mono_ms=game.entries[-1].mono_ms,
            beat_ms=game.heard_ms,
        )

    def _settle_life(self, game: "_KeptGame") -> None:
        writer = [entry.event for entry in game.entries if isinstance(entry.event, GameTaken)][-1]
        if game.heard_epoch != writer.epoch:
            beat = self._beats.get(writer.node)
            game.heard_epoch, game.heard_ms = writer.epoch, beat.mono_ms if beat else None

    async def hand_over(self, game_ids: list[str], node: str) -> None:
        await self._up()
        for game in (self._games[game_id] for game_id in game_ids if game_id in self._games):
            if game.node == node:
                game.node = ""
                self._settle_life(game)

    async def open_games(self, *, owner: str | None = None) -> list[Whereabouts]:
        await self._up()
        found = [game for game in self._games.values() if not game.ended and owner in (None, game.node)]
        return [game.whereabouts for game in sorted(found, key=lambda game: game.row.created_ms)]

    async def find(self, game_id: str) -> Whereabouts | None:
        await self._up()
        game = self._games.get(game_id)
        return game.whereabouts if game else None

    async def read(self, game_id: str) -> tuple[Entry, ...]:
        await self._up()
        game = self._games.get(game_id)
        if game is None:
            return ()
        self._refuse_newer(game)
        return tuple(game.entries)

    async def beat(self, node: Node, mono_ms: int) -> list[Heartbeat]:
        await self._up()
        before = self._beats.get(node.id)
        self._beats[node.id] = _Beat(node, before.count + 1 if before else 1, mono_ms)
        return [Heartbeat(beat.node, beat.count) for beat in self._beats.values()]

    async def forget(self, node_id: str) -> None:
        await self._up()
        if not any(game.node == node_id and not game.ended for game in self._games.values()):
            self._beats.pop(node_id, None)

    async def prune(self, ended_before_ms: int, limit: int) -> int:
        await self._up()
        old = [game for game in self._games.values() if game.entries and game.ended_ms < ended_before_ms]
        old = sorted(old, key=lambda game: game.ended_ms)[:limit]
        for game in old:
            game.entries, game.snapshot = [], None
        return len(old)

    async def close(self) -> None:
        self.down = True

    async def _up(self) -> None:
        await asyncio.sleep(0)
        if self.down:
            raise JournalUnavailable("the journal is down")

    def _refuse_newer(self, game: "_KeptGame") -> None:
        if game.row.id in self.newer:
            raise FromNewerVersion("entries of a newer version")

    def _keep(self, one: Slice) -> Verdict:
        game = self._games.get(one.game_id)
        if game is None or game.epoch != one.epoch or game.ended:
            return "fenced"
        grown = [*game.entries, *_as_kept(one.entries)]
        facts = [fact for entry in grown if (fact := _fact(entry.event)) is not None]
        rows = [row.user_id for row in one.results.players] if one.results else []
        if any(len(set(keys)) < len(keys) for keys in ([entry.seq for entry in grown], facts, rows)):
            return "refused"
        game.entries, game.results = grown, one.results
        game.snapshot = one.snapshot or game.snapshot
        return "kept"


@dataclass
class _KeptGame:
    row: GameRow
    node: str
    entries: list[Entry]
    epoch: int = 1
    results: Results | None = None
    snapshot: Snapshot | None = None
    heard_epoch: int = 0
    heard_ms: int | None = None

    @property
    def ended(self) -> bool:
        return self.results is not None

    @property
    def ended_ms(self) -> float:
        return self.results.ended_ms if self.results else math.inf

    @property
    def whereabouts(self) -> Whereabouts:
        row = self.row
        return Whereabouts(
            game_id=row.id, node=self.node, access=row.access, incarnation=row.incarnation, ended=self.ended
        )


@dataclass(frozen=True)
class _Beat:
    node: Node
    count: int
    mono_ms: int


def _fact(event: Event) -> tuple[object, ...] | None:
    """What there may be only one of in a game."""
    match event:
        case AnswerGiven():
            return "answer", event.number, event.user_id
        case QuestionOpened() | QuestionClosed():
            return type(event), event.number
        case GameTaken():
            return "taken", event.epoch
        case GameEnded():
            return ("end",)
    return None


def _as_kept(entries: tuple[Entry, ...]) -> list[Entry]:
    """Written and read, as a database does."""
    from momentum.game.events import AnyEvent

    return [
        Entry(entry.seq, msgspec.json.decode(msgspec.json.encode(entry.event), type=AnyEvent), entry.mono_ms)
        for entry in entries
    ]


class FakeBackplane(MemoryBackplane[Request, Envelope]):
    """`holds`: so many of the next envelopes are `held`, until they are published again. `drops`: so many of the next
    requests are lost on their way."""

    def __init__(self) -> None:
        super().__init__()
        self.holds = 0
        self.held: list[Envelope] = []
        self.drops = 0

    def publish(self, game_id: str, envelope: Envelope) -> None:
        if self.holds:
            self.holds -= 1
            self.held.append(envelope)
        else:
            super().publish(game_id, envelope)

    def request(self, game_id: str, request: Request) -> bool:
        if self.drops:
            self.drops -= 1
            return True
        return super().request(game_id, request)


class FakeTransport:
    """A WebSocket connection's other end. `writes`: one item per write; `messages`: what was in them."""

    def __init__(self) -> None:
        self.writes: list[bytes] = []
        self.pings: list[bytes] = []
        self.closed: tuple[int, str] | None = None

    def write(self, data: bytes) -> None:
        assert self.closed is None, "written to after closing"
        self.writes.append(data)

    def ping(self, payload: bytes) -> None:
        assert self.closed is None, "pinged after closing"
        self.pings.append(payload)

    def close(self, code: int, reason: str) -> None:
        assert self.closed is None, "closed twice"
        self.closed = (code, reason)

    @property
    def messages(self) -> list[Message]:
        return [msgspec.json.decode(payload) for data in self.writes for payload in text_payloads(data)]


def text_payloads(data: bytes) -> list[bytes]:
    """The payloads of unmasked, whole text frames, one behind the other."""
    payloads = []
    while data:
        assert data[0] == 0x81, "not a whole text frame"
        length, start = data[1], 2
        if length == 126:
            length, start = struct.unpack("!H", data[2:4])[0], 4
        elif length == 127:
            length, start = struct.unpack("!Q", data[2:10])[0], 10
        payloads.append(data[start : start + length])
        data = data[start + length :]
    return payloads
