"""One node over fakes: its hubs, rooms and clients are real, its time, journal and sockets are not."""

import itertools
from typing import Any

import msgspec

from momentum.game.apply import replay
from momentum.game.events import AnswerGiven
from momentum.protocol.internal import Access
from momentum.protocol.to_client import Role
from momentum.realtime.admission import Admission, admit
from momentum.realtime.client import Client
from momentum.realtime.hub import Hub
from momentum.realtime.hub_manager import HubManager
from momentum.realtime.journal.contract import Node
from momentum.realtime.lease import ALONE, Lease
from momentum.realtime.limits import Limits
from momentum.realtime.messages import Envelope
from momentum.realtime.outbox import Flusher
from momentum.realtime.rooms import Rooms

from .fakes import FakeBackplane, FakeJournal, FakeTiming, FakeTransport, Message
from .games import ALICE, GAME, KEYS, RIGHT, wanted


class Guest:
    """Somebody at a socket."""

    def __init__(self, house: "House", user_id: str) -> None:
        self.user_id = user_id
        self.transport = FakeTransport()
        self._house = house
        self.client = Client(
            self.transport,
            game_id=GAME,
            flusher=house.flusher,
            timing=house.timing,
            limits=house.limits,
            authenticate=lambda client, token: house.asked_in.append((client, token)),
        )

    @property
    def messages(self) -> list[Message]:
        return self.transport.messages

    @property
    def types(self) -> list[str]:
        return [message["type"] for message in self.messages]

    def all(self, kind: str) -> list[Message]:
        return [message["payload"] for message in self.messages if message["type"] == kind]

    def last(self, kind: str) -> Message:
        told = self.all(kind)
        assert told, f"{self.user_id} was told {self.types}, never {kind}"
        return told[-1]

    @property
    def state(self) -> Message:
        return self.last("GAME_STATE")

    @property
    def closed(self) -> int | None:
        return self.transport.closed[0] if self.transport.closed else None

    def says(self, kind: str, **fields: Any) -> None:
        """The frame is read; what comes of it is heard after a turn."""
        self.client.receive(msgspec.json.encode({"type": kind, **fields}))

    async def say(self, kind: str, **fields: Any) -> None:
        self.says(kind, **fields)
        await self._house.quiet()

    def answers(self, answer: str = RIGHT) -> None:
        self.says("SUBMIT_ANSWER", question_id=self._house.question_id, answer=answer)

    async def answer(self, answer: str = RIGHT) -> None:
        self.answers(answer)
        await self._house.quiet()

    def pong(self) -> None:
        """Answer the latest ping."""
        self.client.ponged(self.transport.pings[-1])

    async def drop(self) -> None:
        """The socket is gone."""
        self.client.disconnected()
        self._house.rooms.left(GAME)
        await self._house.quiet()

    async def settle_round_trips(self, ms: int) -> None:
        """Answer pings after `ms` each, until no more come."""
        answered = 0
        while len(self.transport.pings) > answered:
            answered = len(self.transport.pings)
            await self._house.timing.advance(ms)
            self.pong()


class House:
    """`name`: of its nodes, which get numbers. `timing` and `journal`: those of another house, for several nodes in one
    installation, with a lease that is shared."""

    def __init__(
        self,
        name: str = "node",
        *,
        timing: FakeTiming | None = None,
        journal: FakeJournal | None = None,
        lease: Lease = ALONE,
        **limits: Any,
    ) -> None:
        self._names = (f"{name}-{number}" for number in itertools.count(1))
        self._lease = lease
        self.timing = timing or FakeTiming()
        self.journal = journal or FakeJournal()
        self.backplane = FakeBackplane()
        self.rooms = Rooms(self.backplane, self.timing)
        self.flusher = Flusher(self.timing)
        self.limits = Limits(**limits)
        self.guests: list[Guest] = []
        self.asked_in: list[tuple[Client, str]] = []
        self.envelopes: list[Envelope] = []
        self.manager = self.new_manager()
        self.backplane.listen(GAME, self.envelopes.append)

    def new_manager(self) -> HubManager:
        return HubManager(
            journal=self.journal,
            backplane=self.backplane,
            rooms=self.rooms,
            timing=self.timing,
            keys=KEYS,
            node=self._new_node(),
            lease=self._lease,
        )

    def _new_node(self) -> Node:
        name = next(self._names)
        return Node(id=name, address=f"http://{name}", websocket_url=f"ws://{name}" if self._lease.shared else "")

    async def crash(self, down_ms: int = 0) -> None:
        """The process is killed and, after `down_ms`, another one starts on the same journal."""
        self.timing.forget()
        self.rooms = Rooms(self.backplane, self.timing)
        await self.timing.advance(down_ms)
        self.manager = self.new_manager()
        await self.manager.start()
        await self.quiet()

    def stall(self) -> None:
        """The process no longer does anything by itself."""
        self.manager.ownership._membership._beating.stop()
        self.manager._housekeeping._watching.stop()
        self.manager._housekeeping._pruning.stop()

    def die(self) -> None:
        """The process is killed, and those of other houses live on."""
        self.stall()
        for hub in self.manager.hubs.values():
            hub.stop()
            hub._voice.silent = True
        self.manager.hubs.clear()

    @property
    def hub(self) -> Hub:
        return self.manager.hubs[GAME]

    @property
    def phase(self) -> str:
        return self.hub.game.phase.value

    @property
    def question_id(self) -> str:
        return self.hub.game.question.id

    async def quiet(self) -> None:
        await self.timing.quiet()

    async def advance(self, ms: int) -> None:
        """Let time pass, with the housekeeping of each second."""
        while ms > 0:
            step = min(ms, 1_000)
            await self.timing.advance(step)
            for hub in tuple(self.manager.hubs.values()):
                hub.watch()
            ms -= step
        await self.quiet()

    async def open(self, *, access: Access = "anyone", **changes: Any) -> Hub:
        hub, _ = await self.manager.open(wanted(access=access, **changes))
        return hub

    def guest(self, user_id: str) -> Guest:
        """Somebody who has opened a socket and said nothing yet."""
        self.guests.append(Guest(self, user_id))
        return self.guests[-1]

    def enters(
        self, user_id: str, *, role: Role | None = None, generation: int | None = None, username: str = ""
    ) -> Guest:
        """Somebody is admitted; the game's answer comes after a turn."""
        guest = self.guest(user_id)
        guest.client.admit(
            self.rooms.enter(GAME),
            Admission(
                user_id=user_id,
                username=username or user_id.title(),
                role=role or ("host" if user_id in self.hub.game.hosts else "player"),
                generation=generation,
                by="ticket",
            ),
        )
        return guest

    async def enter(self, user_id: str, **how: Any) -> Guest:
        guest = self.enters(user_id, **how)
        await self.quiet()
        return guest

    async def come_back(self, guest: Guest, token: str | None = None) -> Guest:
        """Somebody comes with a resume token, that of their latest GAME_STATE unless told otherwise."""
        again = self.guest(guest.user_id)
        admission = admit(
            KEYS,
            token or guest.state["resume_token"],
            game_id=GAME,
            hosts=self.hub.game.hosts,
            access=self.manager.access(GAME),
            unix_s=self.timing.unix_ms() // 1000,
        )
        again.client.admit(self.rooms.enter(GAME), admission)
        await self.quiet()
        return again

    async def start(self, *players: str, **changes: Any) -> list[Guest]:
        """A game with its host and players, at its first question. The host comes first in the list."""
        await self.open(**changes)
        guests = [await self.enter(user_id) for user_id in (ALICE, *players)]
        await guests[0].say("START_GAME")
        assert self.phase == "question"
        return guests

    # What must hold at the end of every test

    def check(self) -> None:
        assert self.journal.most_in_flight <= 1, "two appends at once"
        for game_id, hub in self.manager.hubs.items():
            self._check_journal(game_id, hub)
        for guest in self.guests:
            check_told(guest.messages)

    def _check_journal(self, game_id: str, hub: Hub) -> None:
        kept = self.journal._games[game_id].entries
        assert [entry.seq for entry in kept] == list(range(1, len(kept) + 1)), "the journal has a hole"
        assert replay(entry.event for entry in kept) == hub.game, "the journal tells of another game"
        answers = [(e.event.number, e.event.user_id) for e in kept if isinstance(e.event, AnswerGiven)]
        assert len(set(answers)) == len(answers), "somebody has answered twice"


def check_told(messages: list[Message]) -> None:
    """What holds for all that one socket was told."""
    assert [message["seq"] for message in messages] == list(range(1, len(messages) + 1)), "seq has a hole"
    revs = [message["rev"] for message in messages if "rev" in message]
    assert revs == sorted(revs), "rev has gone back"
    if messages and messages[0]["type"] != "GAME_STATE":
        assert [message["type"] for message in messages] == ["ERROR"], "the first message is not GAME_STATE"
    check_no_key_before_the_close(messages)


def check_no_key_before_the_close(messages: list[Message]) -> None:
    """Nobody is told the key of a question, or that somebody is right, before it closes (reveal at close)."""
    closed: set[str] = set()
    for message in messages:
        payload = message["payload"]
        if message["type"] == "QUESTION_CLOSED":
            closed.add(payload["question_id"])
        elif message["type"] == "GAME_STATE" and payload["closed"]:
            closed.add(payload["closed"]["question_id"])
        elif message["type"] == "ANSWER_RESULT" and payload["question_id"] not in closed:
            # At the close, results stand right before QUESTION_CLOSED, in the same write.
            position = messages.index(message)
            following = [m["payload"]["question_id"] for m in messages[position:] if m["type"] == "QUESTION_CLOSED"]
            early = payload["is_correct"] is False and payload["correct_answer"] is None
            assert early or payload["question_id"] in following, "a result before the close"
