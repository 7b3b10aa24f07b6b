"""Looks on while a simulation runs: is kept what leaves a node? Who was there when a question closed?"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any

from tests.realtime.fakes import Message

from momentum.game.apply import replay
from momentum.game.events import AnswerGiven
from momentum.realtime.hub import Hub
from momentum.realtime.messages import Attach, Detach, Envelope, Parcel

from .database import Database, Game
from .loop import Process, VirtualLoop


@dataclass
class Stay:
    """A socket that a hub has let in, in an epoch, at `since_s`. `until_s`: when it went, or its process stopped."""

    user_id: str
    process: Process
    epoch: int = 0
    since_s: float = 0.0
    until_s: float | None = None


@dataclass
class Watch:
    """`violations`: sentences. `lost_s`: when a hub said that it has lost its game, by game and epoch. `died_s`: when a
    node ended, by its id."""

    loop: VirtualLoop
    database: Database
    violations: list[str] = field(default_factory=list)
    stays: dict[str, dict[str, Stay]] = field(default_factory=lambda: defaultdict(dict))
    lost_s: dict[tuple[str, int], float] = field(default_factory=dict)
    died_s: dict[str, float] = field(default_factory=dict)

    def wire(self, game_id: str, user_id: str, message: Message) -> None:
        """A node writes `message` to a socket of the user's."""
        game = self.database.games.get(game_id)
        kept = len(game.entries) if game else 0
        if message.get("rev", 0) > kept:
            self._found(f"{user_id} was told of rev {message['rev']} by {message['type']}, when {kept} were kept")
        if message["type"] in ("ANSWER_ACCEPTED", "ANSWER_RESULT"):
            question_id = message["payload"]["question_id"]
            if game is None or not _has_answer(game, user_id, question_id):
                self._found(f"{user_id} heard {message['type']} of {question_id}, of which nothing was kept")

    def asked(self, process: Process, game_id: str, request: Any) -> None:
        """A room asks a hub."""
        if isinstance(request, Attach):
            self.stays[game_id].setdefault(request.connection, Stay(request.user_id, process))
        elif isinstance(request, Detach) and request.connection in self.stays[game_id]:
            self._gone(self.stays[game_id][request.connection])

    def told(self, process: Process, game_id: str, envelope: Envelope) -> None:
        """A hub tells the rooms."""
        if envelope.state == "lost":
            self.lost_s.setdefault((game_id, envelope.epoch), self.loop.time())
        for parcel in envelope.parcels:
            if isinstance(parcel, Parcel) and parcel.admits and parcel.connection in self.stays[game_id]:
                stay = self.stays[game_id][parcel.connection]
                stay.epoch, stay.since_s = envelope.epoch, self.loop.time()

    def still(self, process: Process, *, dead: bool) -> None:
        """A process has been stopped, or is dead: nobody is there whose socket it has."""
        if dead:
            self.died_s[process.name] = self.loop.time()
        for stays in self.stays.values():
            for stay in stays.values():
                if stay.process is process:
                    self._gone(stay)

    def lived_until_s(self, game_id: str, epoch: int, node: str) -> float:
        """Until when a node can have run the game that it took in `epoch`."""
        return min(self.died_s.get(node, inf), self.lost_s.get((game_id, epoch), inf))

    def was_there(self, game_id: str, user_id: str, epoch: int, since_s: float, until_s: float) -> bool:
        """Whether a socket of the user's, let in in that epoch, was open at any time between."""
        return any(
            stay.user_id == user_id
            and stay.epoch == epoch
            and stay.since_s < until_s
            and (stay.until_s is None or stay.until_s > since_s)
            for stay in self.stays[game_id].values()
        )

    def compare(self, node: str, hubs: Mapping[str, Hub]) -> None:
        """Where a hub has nothing on its way to the journal, its game is what the journal says."""
        for game_id, hub in hubs.items():
            game = self.database.games[game_id]
            entries = game.entries
            if hub.epoch == game.epoch and hub.game.rev == len(entries):
                replayed = replay(entry.event for entry in entries)
                if replayed != hub.game:
                    self._found(f"the game {game_id} on {node} is not what its journal gives")

    def _gone(self, stay: Stay) -> None:
        if stay.until_s is None:
            stay.until_s = self.loop.time()

    def _found(self, sentence: str) -> None:
        self.violations.append(sentence)


def _has_answer(game: Game, user_id: str, question_id: str) -> bool:
    questions = game.entries[0].event.questions  # type: ignore[attr-defined]
    return any(
        isinstance(entry.event, AnswerGiven)
        and entry.event.user_id == user_id
        and questions[entry.event.number - 1].id == question_id
        for entry in game.entries
    )
