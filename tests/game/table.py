"""A game at play: its live state, its journal, and the cast. Alice hosts, Bob and Dora play, Charlie is a stranger."""

import copy
from collections.abc import Callable, Container
from typing import Any, TypeVar

from momentum.game import commands, events
from momentum.game.apply import apply, replay
from momentum.game.decide import decide
from momentum.game.model import Game
from momentum.game.outcome import Outcome, Recorded, Rejection
from momentum.game.settings import Host, Question, Settings
from momentum.game.timers import next_timer

ALICE, BOB, CHARLIE, DORA = "alice", "bob", "charlie", "dora"
RIGHT, WRONG = "Paris", "Rome"
TIMER_MS = 15_000
COUNTDOWN_MS = 3_000
INTERMISSION_MS = 6_000

OneEvent = TypeVar("OneEvent", bound=events.Event)


class Anybody(Container[str]):
    """Everybody is present."""

    def __contains__(self, user_id: object) -> bool:
        return True


def question(number: int) -> Question:
    return Question(
        id=f"q{number}",
        bank_id=f"bank-{number}",
        category="Geography",
        difficulty="easy",
        text=f"What is the capital of country {number}?",
        options=("Berlin", RIGHT, WRONG, "Madrid"),
        correct=1,
    )


def settings(**changes: Any) -> Settings:
    """A dashboard's game, unless told otherwise."""
    usual: dict[str, Any] = {
        "pace": "everyone",
        "timer_ms": TIMER_MS,
        "intermission_ms": INTERMISSION_MS,
        "countdown_ms": COUNTDOWN_MS,
        "max_players": 100,
        "host_plays": False,
    }
    return Settings(**usual | changes)


def created(*, questions: int = 3, hosts: tuple[str, ...] = (ALICE,), **changes: Any) -> events.GameCreated:
    return events.GameCreated(
        at=0,
        game_id="game-1",
        source_contest_id="contest-1",
        name="Capitals",
        settings=settings(**changes),
        hosts=tuple(Host(user_id, user_id.title()) for user_id in hosts),
        questions=tuple(question(number) for number in range(1, questions + 1)),
        seed=7,
    )


class Table:
    """`at` is the game's clock; `do` decides, applies and writes down."""

    def __init__(self, creation: events.GameCreated) -> None:
        self.journal: list[events.Event] = [creation]
        self.game: Game = replay(self.journal)
        self.at = 0

    def do(self, command: commands.Command) -> Outcome:
        before = copy.deepcopy(self.game)
        outcome = decide(self.game, command, self.at)
        assert self.game == before, "decide has changed the game"
        for event in outcome if isinstance(outcome, list) else ():
            apply(self.game, event)
            self.journal.append(event)
        return outcome

    def told(self, command: commands.Command) -> str:
        """The outcome in a word: kinds of events, `!code` of a rejection, or `recorded`."""
        outcome = self.do(command)
        if isinstance(outcome, Rejection):
            assert outcome.message.endswith("."), "a person reads this"
            return f"!{outcome.code}"
        return "recorded" if isinstance(outcome, Recorded) else " ".join(map(kind, outcome))

    def events(self, command: commands.Command) -> list[events.Event]:
        outcome = self.do(command)
        assert isinstance(outcome, list), outcome
        return outcome

    def all(self, event_type: type[OneEvent]) -> list[OneEvent]:
        return [event for event in self.journal if isinstance(event, event_type)]

    def latest(self, event_type: type[OneEvent]) -> OneEvent:
        return self.all(event_type)[-1]

    # Common moves

    def join(self, *user_ids: str) -> None:
        for user_id in user_ids:
            self.events(commands.Join(user_id=user_id, username=user_id.title()))

    def open_next(self) -> None:
        """On to the next question, from wherever the game is."""
        if not self.game.started:
            self.events(commands.Start(by=ALICE))
        if self.game.phase.value != "question":
            self.events(commands.Next(by=ALICE))

    def answer(self, user_id: str, answer: str = RIGHT, elapsed_ms: int = 1_000, **more: Any) -> str:
        return self.told(answering(self.game, user_id, answer, elapsed_ms, **more))

    def close(self) -> None:
        """Let the time of the open question run out."""
        self.fire()

    def fire(self) -> Outcome:
        """The next timer, at the moment it is due."""
        timed = next_timer(self.game)
        assert timed is not None
        self.at = max(self.at, timed[0])
        return self.do(timed[1])


def answering(game: Game, user_id: str, answer: str = RIGHT, elapsed_ms: int = 1_000, **more: Any) -> commands.Answer:
    usual: dict[str, Any] = {"question_id": game.question.id, "credit_ms": 0, "present": Anybody()}
    return commands.Answer(user_id=user_id, answer=answer, elapsed_ms=elapsed_ms, **usual | more)


def kind(event: events.Event) -> str:
    return str(event.__struct_config__.tag)


def seated(*players: str, **changes: Any) -> Table:
    """A waiting room with `players` in it."""
    table = Table(created(**changes))
    table.join(*(players or (BOB, DORA)))
    return table


def playing(*players: str, **changes: Any) -> Table:
    """The first question is open."""
    table = seated(*players, **changes)
    table.open_next()
    return table


def _paused(make: Callable[[], Table]) -> Callable[[], Table]:
    def paused() -> Table:
        table = make()
        table.events(commands.Pause(by=ALICE))
        return table

    return paused


def _starting() -> Table:
    table = seated()
    table.events(commands.Start(by=ALICE))
    return table


def _reveal() -> Table:
    table = playing()
    table.answer(BOB)
    table.close()
    return table


def _over() -> Table:
    table = _reveal()
    table.events(commands.End(by=ALICE))
    return table


SITUATIONS: dict[str, Callable[[], Table]] = {
    "lobby": seated,
    "starting": _starting,
    "question": playing,
    "reveal": _reveal,
    "over": _over,
    "paused starting": _paused(_starting),
    "paused question": _paused(playing),
    "paused reveal": _paused(_reveal),
}
