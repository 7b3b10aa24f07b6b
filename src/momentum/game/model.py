"""A game as it stands: what `apply` builds from events and `decide` reads."""

from dataclasses import dataclass, field

from momentum.game.events import AnswerGiven, EndReason, GameCreated, LeaveReason, QuestionClosed
from momentum.game.phases import Phase
from momentum.game.settings import Question, Settings

RELAY_GRACE_MS = 50
"""An answer that another node has relayed may come in this much after the deadline."""


@dataclass(slots=True)
class Seat:
    """A player's place. `order` counts joins; `score` and `correct_ms` move when a question closes."""

    user_id: str
    username: str
    is_host: bool
    order: int
    score: int = 0
    correct_ms: int = 0
    correct_count: int = 0
    gone: LeaveReason | None = None
    answers: dict[int, AnswerGiven] = field(default_factory=dict)


@dataclass(slots=True)
class Game:
    """Times are milliseconds of the game's clock. `rev` counts the events applied: the game's position in its journal;
    `board_rev` is the latest position at which who stands where may have changed.

    `joins` counts the seats ever given, `player_count` who is in the game now.
    `number` is the latest question opened (0: none). `eligible` holds who had a seat at its opening; `awaited` who of
    them is in the game and has not answered; `answered` the answers, in their order. `closings` has one QuestionClosed
    per closed question, oldest first.
    """

    id: str
    source_contest_id: str
    name: str
    settings: Settings
    hosts: dict[str, str]
    questions: tuple[Question, ...]
    seed: int
    rev: int = 1
    board_rev: int = 1
    last_at: int = 0
    epoch: int = 0
    phase: Phase = Phase.LOBBY
    paused: bool = False
    locked: bool = False
    seats: dict[str, Seat] = field(default_factory=dict)
    generations: dict[str, int] = field(default_factory=dict)
    banned: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)
    joins: int = 0
    player_count: int = 0
    number: int = 0
    opened_at: int = 0
    deadline: int = 0
    next_at: int | None = None
    eligible: set[str] = field(default_factory=set)
    awaited: set[str] = field(default_factory=set)
    answered: dict[str, AnswerGiven] = field(default_factory=dict)
    closings: list[QuestionClosed] = field(default_factory=list)
    end_reason: EndReason | None = None

    @classmethod
    def created(cls, event: GameCreated) -> "Game":
        return cls(
            id=event.game_id,
            source_contest_id=event.source_contest_id,
            name=event.name,
            settings=event.settings,
            hosts={host.user_id: host.username for host in event.hosts},
            questions=event.questions,
            seed=event.seed,
            last_at=event.at,
        )

    @property
    def question(self) -> Question:
        """The latest question opened."""
        return self.questions[self.number - 1]

    @property
    def last_call(self) -> int:
        """The latest moment at which an answer to the open question, a relayed one, may still come in."""
        return self.deadline + RELAY_GRACE_MS

    @property
    def started(self) -> bool:
        return self.phase is not Phase.LOBBY

    def seated(self, user_id: str) -> Seat | None:
        """The seat of somebody who is in the game now."""
        seat = self.seats.get(user_id)
        return seat if seat is not None and seat.gone is None else None

    @property
    def players(self) -> list[Seat]:
        """Who is in the game now, in the order of joining."""
        return [seat for seat in self.seats.values() if seat.gone is None]

    @property
    def seats_taken(self) -> int:
        """Once a game has started, a seat is its player's for good: leaving does not free it, a kick does."""
        return len(self.seats) - sum(user_id in self.seats for user_id in self.banned)
