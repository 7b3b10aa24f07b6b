"""One player's side of the protocol, without I/O: it is told what the server says, and says what to send.

Rule: an answer that was given is sent again after every return, until the server has acknowledged or refused it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Message = dict[str, Any]
Send = Callable[[Message], None]
Later = Callable[[float, Callable[[], None]], object]
"""Call something after so many seconds."""

Outcome = Literal["ok", "fail", "unknown"]
"""ok: the server has acknowledged the answer. fail: it has refused it, and nothing has changed. unknown: neither."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """An open question, as its player sees it. `left_s`: the time there is for an answer."""

    id: str
    number: int
    total: int
    text: str
    options: tuple[str, ...]
    left_s: float


@dataclass(frozen=True, slots=True)
class Choice:
    """What to answer, and how many seconds after the question came."""

    option: str
    after_s: float


Choose = Callable[[Question], Choice | None]


class Observer:
    """What happens to a player, for whoever wants to know; here: nobody."""

    def connecting(self) -> None:
        """A new socket is opened."""

    def heard(self, message: Message) -> None:
        """The server has said something."""

    def answering(self, question_id: str, option: str) -> None:
        """An answer is sent for the first time."""

    def settled(self, question_id: str, outcome: Outcome) -> None:
        """What has become of an answer; once for each."""

    def lost(self) -> None:
        """The socket is gone; the player comes back."""


class Player:
    """`token` admits: at first the ticket, then always the newest resume token. `over`: what GAME_OVER said.

    `refusal`: the last ERROR's sentence.
    """

    def __init__(self, token: str, choose: Choose, later: Later, observer: Observer) -> None:
        self.token = token
        self.over: Message | None = None
        self.refusal = ""
        self._choose = choose
        self._later = later
        self._observer = observer
        self._send: Send | None = None
        self._inside = False
        self._considered = ""
        self._open = ""
        self._waiting: tuple[str, str] | None = None

    @property
    def inside(self) -> bool:
        """The game has let this socket in."""
        return self._inside

    def connected(self, send: Send) -> None:
        """A socket is open: say who comes."""
        self._send = send
        send({"type": "AUTHENTICATE", "token": self.token})

    def disconnected(self) -> None:
        self._send, self._inside = None, False

    def hear(self, message: Message) -> None:
        """The server has said `message`."""
        self._observer.heard(message)
        handler = _HANDLERS.get(message["type"])
        if handler is not None:
            handler(self, message["payload"])

    def stop(self) -> None:
        """Nothing more comes: what is not settled stays unknown."""
        self._open = ""
        self._settle("unknown")

    # What the server says

    def _state(self, state: Message) -> None:
        self.token, self._inside, self.over = state["resume_token"], True, state["over"]
        question, closed = state["question"], state["closed"]
        self._open = question["question_id"] if question else ""
        if self._waiting:
            self._look_for_answer(question, closed, state["your_result"])
        if question and question["your_answer"] is None and question["may_answer"]:
            self._consider(question, question["remaining_ms"] / 1000)

    def _look_for_answer(self, question: Message | None, closed: Message | None, result: Message | None) -> None:
        """What a whole new picture of the game says about the answer that waits."""
        assert self._waiting
        question_id = self._waiting[0]
        if question and question["question_id"] == question_id:
            if question["your_answer"] is None:
                self._submit()
            else:
                self._settle("ok")
        elif closed and closed["question_id"] == question_id:
            self._settle("ok" if result else "fail")
        else:
            self._settle("unknown")

    def _question(self, question: Message) -> None:
        self._settle("unknown")
        self._open = question["question_id"]
        self._consider(question, question["timer"])

    def _closed(self, _: Message) -> None:
        self._open = ""

    def _acknowledged(self, answer: Message) -> None:
        if self._waiting and self._waiting[0] == answer["question_id"]:
            self._settle("ok")

    def _error(self, error: Message) -> None:
        self.refusal = error["message"]
        refused = error["code"] not in ("paused", "unavailable")  # those two say: not now
        if refused and self._waiting and self._waiting[0] == error["question_id"]:
            self._settle("fail")

    def _resumed(self, _: Message) -> None:
        if self._waiting:
            self._submit()

    def _over(self, over: Message) -> None:
        self.over = over

    # What the player does

    def _consider(self, question: Message, left_s: float) -> None:
        """Answer later. Nobody thinks twice about a question."""
        if question["question_id"] == self._considered:
            return
        self._considered = question_id = question["question_id"]
        choice = self._choose(
            Question(
                id=question_id,
                number=question["question_number"],
                total=question["total_questions"],
                text=question["question_text"],
                options=tuple(question["options"]),
                left_s=left_s,
            )
        )
        if choice is not None:
            self._later(choice.after_s, lambda: self._answer(question_id, choice.option))

    def _answer(self, question_id: str, option: str) -> None:
        if question_id == self._open:
            self._waiting = question_id, option
            self._observer.answering(question_id, option)
            self._submit()

    def _submit(self) -> None:
        assert self._waiting
        question_id, option = self._waiting
        if self._send is not None and self._inside:
            self._send({"type": "SUBMIT_ANSWER", "question_id": question_id, "answer": option})

    def _settle(self, outcome: Outcome) -> None:
        if self._waiting:
            question_id, self._waiting = self._waiting[0], None
            self._observer.settled(question_id, outcome)


_HANDLERS: dict[str, Callable[[Player, Message], None]] = {
    "GAME_STATE": Player._state,
    "NEW_QUESTION": Player._question,
    "QUESTION_CLOSED": Player._closed,
    "ANSWER_ACCEPTED": Player._acknowledged,
    "ANSWER_RESULT": Player._acknowledged,
    "ERROR": Player._error,
    "GAME_RESUMED": Player._resumed,
    "GAME_OVER": Player._over,
}
