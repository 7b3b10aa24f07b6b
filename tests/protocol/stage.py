"""A game with everybody who listens to it: what each of them is told, byte for byte, and when.

Alice hosts; Bob, Dora and Erik play; Charlie comes late; Screen is a big screen. Texts of questions are unique and mean
nothing, so that a frame can be searched for them.
"""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from momentum.game import commands, events
from momentum.game.apply import apply, replay
from momentum.game.decide import decide
from momentum.game.outcome import Outcome, Recorded, Rejection
from momentum.game.phases import Phase
from momentum.game.settings import Host, Question, Settings
from momentum.game.timers import next_timer
from momentum.protocol import audience, codec, snapshot, to_client
from momentum.protocol.boards import Boards
from momentum.protocol.snapshot import Receiver
from momentum.protocol.to_client import Role

ALICE, BOB, CHARLIE, DORA, ERIK, SCREEN = "alice", "bob", "charlie", "dora", "erik", "screen"
PLAYERS = (BOB, DORA, ERIK)
TIMER_MS = 15_000
SEED = 8_675_309_867_530_986
Action = tuple[Any, ...]


def token(name: str) -> str:
    """Sixteen letters that nothing else has, the same in every run."""
    drawn = random.Random(name)
    return "".join(drawn.choice("bcdfghjklmnpqrstvwxz") for _ in range(16))


def question(number: int, correct: int) -> Question:
    return Question(
        id=token(f"id {number}"),
        bank_id=token(f"bank {number}"),
        category=token(f"category {number}"),
        difficulty=token(f"difficulty {number}"),
        text=token(f"text {number}"),
        options=tuple(token(f"option {number} {option}") for option in range(4)),
        correct=correct,
        explanation=token(f"explanation {number}"),
    )


def created(key: tuple[int, ...], **settings: Any) -> events.GameCreated:
    """A game with one question for each entry of `key`: the index of the right option."""
    usual: dict[str, Any] = {"pace": "everyone", "max_players": 100, "host_plays": False, "timer_ms": TIMER_MS}
    return events.GameCreated(
        at=0,
        game_id="game-1",
        source_contest_id=token("contest"),
        name="A game",
        settings=Settings(**usual | settings),
        hosts=(Host(ALICE, "Alice"),),
        questions=tuple(question(number, correct) for number, correct in enumerate(key, start=1)),
        seed=SEED,
    )


@dataclass(frozen=True)
class Told:
    """A frame, and how things stood when it was made. `answers`: the receiver's own, by question."""

    user_id: str
    role: Role
    payload: bytes
    opened: int
    closed: int
    answers: dict[int, str]


@dataclass(eq=False)
class Socket:
    user_id: str
    role: Role
    heard: list[bytes] = field(default_factory=list)


class Stage:
    """Does what a hub does, at once: decide, apply, tell. `on_step` is called after everything that happens."""

    def __init__(self, creation: events.GameCreated, on_step: "Callable[[Stage], None]" = lambda stage: None) -> None:
        self.journal: list[events.Event] = [creation]
        self.game = replay(self.journal)
        self.view = Boards(self.game)
        self.at = 0
        self.told: list[Told] = []
        self.sockets: list[Socket] = []
        self._on_step = on_step

    # What happens

    def come(self, user_id: str, role: Role | None = None) -> bool:
        """A socket asks in; whether it was let in."""
        role = role or self.usual_role(user_id)
        outcome: Outcome = []
        if role == "player" or (role == "host" and self.game.settings.host_plays):
            outcome = decide(self.game, commands.Join(user_id=user_id, username=user_id.title()), self.at)
        if isinstance(outcome, Rejection):
            self._send(Socket(user_id, role), to_client.Error(outcome.code, outcome.message))
            return False
        assert isinstance(outcome, list)
        socket = Socket(user_id, role)
        self.sockets = [other for other in self.sockets if (other.user_id, other.role) != (user_id, role)] + [socket]
        hearings = [hearing for event in outcome for hearing in self._hearings(event)]
        self._send(socket, self.state(user_id, role), self.game.rev)
        for hearing in hearings:
            self._tell(hearing, self.game.rev)
        self._on_step(self)
        return True

    def drop(self, user_id: str) -> None:
        """Somebody's sockets are gone, and they are no longer waited for."""
        self.sockets = [socket for socket in self.sockets if socket.user_id != user_id]
        self.do(commands.PresenceChanged(present=self.connected))

    def do(self, command: commands.Command, by: str = "") -> Outcome:
        """Do what `by` asks, or a timer."""
        outcome = decide(self.game, command, self.at)
        if isinstance(outcome, list):
            self._commit(outcome)
        else:
            self._answer(by, outcome)
        self._on_step(self)
        return outcome

    def answer(self, user_id: str, option: int, elapsed_ms: int = 1_000, number: int = 0) -> Outcome:
        """Answer question `number`, or the latest one."""
        asked = self.game.questions[(number or max(self.game.number, 1)) - 1]
        return self.do(
            commands.Answer(
                user_id=user_id,
                question_id=asked.id,
                answer=asked.options[option],
                elapsed_ms=elapsed_ms,
                credit_ms=0,
                present=self.connected,
            ),
            by=user_id,
        )

    def wait(self, ms: int) -> None:
        """Let time pass: a pause stops the game's clock."""
        until = self.at if self.game.paused else self.at + ms
        while (timed := next_timer(self.game)) is not None and timed[0] <= until:
            self.at = max(self.at, timed[0])
            self.do(timed[1])
        self.at = max(self.at, until)

    def finish(self) -> None:
        """Play on to the end, with nobody doing anything but the host."""
        while self.game.phase is not Phase.OVER:
            timed = next_timer(self.game)
            if self.game.phase is Phase.LOBBY:
                self.do(commands.End(by=ALICE), ALICE)
            elif timed is None:
                self.do(commands.Resume(by=ALICE) if self.game.paused else commands.Next(by=ALICE), ALICE)
            else:
                self.wait(timed[0] - self.at)

    def play(self, action: Action) -> None:
        """One step of a script: its name, and what it needs."""
        name, *of = action
        STEPS[name](self, *of)

    # What is told

    @property
    def connected(self) -> set[str]:
        return {socket.user_id for socket in self.sockets}

    def usual_role(self, user_id: str) -> Role:
        return "host" if user_id == ALICE else "screen" if user_id == SCREEN else "player"

    def state(self, user_id: str, role: Role) -> to_client.GameState:
        return snapshot.game_state(
            self.view,
            Receiver(user_id=user_id, username=user_id.title(), role=role, resume_token="resume"),
            at=self.at,
            connected=self.connected,
            host_present=ALICE in self.connected,
            incarnation="first",
            websocket_urls=(),
        )

    def look(self) -> Iterator[Told]:
        """GAME_STATE as everybody in every role would get it now."""
        seats: list[tuple[str, Role]] = [(user_id, "player") for user_id in (*PLAYERS, CHARLIE)]
        for user_id, role in [*seats, (ALICE, "host"), (SCREEN, "screen"), (ALICE, "screen"), (BOB, "screen")]:
            yield self._as_told(user_id, role, codec.encode(self.state(user_id, role), self.game.rev), 1)

    def _commit(self, happened: list[events.Event]) -> None:
        rev = self.game.rev + len(happened)
        for event in happened:
            for hearing in self._hearings(event):
                self._tell(hearing, rev)
            if isinstance(event, events.PlayerLeft):
                self.sockets = [socket for socket in self.sockets if socket.user_id != event.user_id]
        if any(isinstance(event, events.AnswerGiven) for event in happened) and self.game.phase is Phase.QUESTION:
            self._tell(audience.Hearing(audience.EVERYONE, audience.progress(self.game)), self.game.rev)

    def _hearings(self, event: events.Event) -> list[audience.Hearing]:
        apply(self.game, event)
        self.journal.append(event)
        return list(audience.hears(self.view, event, self.connected))

    def _answer(self, by: str, outcome: Rejection | Recorded) -> None:
        message: to_client.ToClient
        if isinstance(outcome, Rejection):
            message = to_client.Error(outcome.code, outcome.message)
        else:
            message = audience.repeated(self.game, outcome)
        for socket in self.sockets:
            if socket.user_id == by:
                self._send(socket, message)

    def _tell(self, hearing: audience.Hearing, rev: int) -> None:
        encoded = codec.encode(hearing.message, rev, hearing.own)
        for socket in self.sockets:
            mine = hearing.to == socket.user_id and socket.role != "screen"
            if mine or hearing.to == audience.EVERYONE:
                self._pass_on(socket, encoded)

    def _send(self, socket: Socket, message: to_client.ToClient, rev: int | None = None) -> None:
        self._pass_on(socket, codec.encode(message, rev))

    def _pass_on(self, socket: Socket, encoded: codec.Encoded) -> None:
        told = self._as_told(socket.user_id, socket.role, encoded, len(socket.heard) + 1)
        socket.heard.append(told.payload)
        self.told.append(told)

    def _as_told(self, user_id: str, role: Role, encoded: codec.Encoded, seq: int) -> Told:
        seat = self.game.seats.get(user_id)
        answers = seat.answers.items() if seat and role != "screen" else ()
        return Told(
            user_id=user_id,
            role=role,
            payload=encoded.for_receiver(user_id, seq),
            opened=self.game.number,
            closed=len(self.game.closings),
            answers={number: self.game.questions[number - 1].options[answer.choice] for number, answer in answers},
        )


def _by_host(command: type[commands.HostCommand]) -> "Callable[[Stage], Outcome]":
    return lambda stage: stage.do(command(by=ALICE), ALICE)


STEPS: dict[str, Callable[..., object]] = {
    "come": Stage.come,
    "drop": Stage.drop,
    "answer": Stage.answer,
    "answer again": lambda stage, user_id, option, number: stage.answer(
        user_id, option, number=min(number, len(stage.game.questions))
    ),
    "leave": lambda stage, user_id: stage.do(commands.Leave(user_id=user_id, present=stage.connected), user_id),
    "kick": lambda stage, user_id: stage.do(commands.Kick(by=ALICE, user_id=user_id, present=stage.connected), ALICE),
    "lock": lambda stage, locked: stage.do(commands.Lock(by=ALICE, locked=locked), ALICE),
    "wait": Stage.wait,
    "finish": Stage.finish,
    "start": _by_host(commands.Start),
    "next": _by_host(commands.Next),
    "skip": _by_host(commands.Skip),
    "pause": _by_host(commands.Pause),
    "resume": _by_host(commands.Resume),
    "end": _by_host(commands.End),
}


def acted(
    creation: events.GameCreated, script: list[Action], on_step: Callable[[Stage], None] = lambda stage: None
) -> Stage:
    """The game after everybody has come, played by the script and come to its end."""
    stage = Stage(creation, on_step)
    for user_id in (ALICE, SCREEN, *PLAYERS):
        stage.come(user_id)
    for action in (*script, ("finish",)):
        stage.play(action)
    return stage


def heard_by(stage: Stage, user_id: str) -> list[str]:
    """The types of what somebody was told."""
    return [json.loads(told.payload)["type"] for told in stage.told if told.user_id == user_id]


def told_to(stage: Stage, user_id: str, type_: str) -> list[dict[str, Any]]:
    """The payloads of one type that somebody was told."""
    frames = [json.loads(told.payload) for told in stage.told if told.user_id == user_id]
    return [frame["payload"] for frame in frames if frame["type"] == type_]
