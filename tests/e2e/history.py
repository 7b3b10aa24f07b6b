"""What really happened, as a client saw it: every frame, and the fate of every answer."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import msgspec

from momentum.wiring.bots.player import Message, Observer, Outcome

KEPT_ALWAYS = frozenset({"GAME_STATE", "GAME_OVER", "ERROR"})


@dataclass(slots=True)
class Frame:
    """A frame that came at `at` (seconds, monotonic) on the client's socket number `socket`, counted from 1.

    `rev`: the journal position that it tells of, or that the frames before it told of.
    """

    at: float
    socket: int
    rev: int
    message: Message

    @property
    def type(self) -> str:
        return str(self.message["type"])

    @property
    def payload(self) -> Message:
        payload: Message = self.message["payload"]
        return payload

    @property
    def text(self) -> str:
        return msgspec.json.encode(self.message).decode()


@dataclass(slots=True)
class Given:
    """An answer: when it was sent first, and when and how it was settled."""

    question_id: str
    option: str
    sent_at: float
    settled_at: float = 0.0
    outcome: Outcome = "unknown"


@dataclass
class History(Observer):
    """Of one client. `keeps_frames` false: of its frames, only those of KEPT_ALWAYS.

    `clock`: in seconds. `disorder`: sentences about frames whose seq or rev was not what it has to be.
    """

    user_id: str
    keeps_frames: bool = True
    clock: Callable[[], float] = time.monotonic
    frames: list[Frame] = field(default_factory=list)
    answers: list[Given] = field(default_factory=list)
    disorder: list[str] = field(default_factory=list)
    sockets: int = 0
    losses: int = 0
    _seq: int = 0
    _rev: int = 0

    def connecting(self) -> None:
        self.sockets += 1
        self._seq = 0

    def heard(self, message: Message) -> None:
        self._check_order(message)
        if self.keeps_frames or message["type"] in KEPT_ALWAYS:
            self.frames.append(Frame(self.clock(), self.sockets, self._rev, message))

    def answering(self, question_id: str, option: str) -> None:
        self.answers.append(Given(question_id, option, self.clock()))

    def settled(self, question_id: str, outcome: Outcome) -> None:
        answer = self.answers[-1]
        assert answer.question_id == question_id
        answer.outcome, answer.settled_at = outcome, self.clock()

    def lost(self) -> None:
        self.losses += 1

    def of_type(self, *types: str) -> Iterator[Frame]:
        return (frame for frame in tuple(self.frames) if frame.type in types)

    def final_board(self) -> list[Message] | None:
        """The rows of the board that the client saw at the end."""
        for frame in reversed(self.frames):
            over = frame.payload if frame.type == "GAME_OVER" else frame.payload.get("over")
            if over:
                rows: list[Message] = over["final_scoreboard"]
                return rows
        return None

    def _check_order(self, message: Message) -> None:
        self._seq += 1
        if message["seq"] != self._seq:
            self.disorder.append(f"{self.user_id}: seq {message['seq']} instead of {self._seq} in {message['type']}")
        rev = message.get("rev", self._rev)
        if rev < self._rev:
            self.disorder.append(f"{self.user_id}: rev {rev} after {self._rev} in {message['type']}")
        self._rev = max(rev, self._rev)
