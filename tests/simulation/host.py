"""Alice, who hosts: starts her game once everybody is in, pauses it now and then, goes on where it waits for her."""

from collections.abc import Callable
from random import Random

from tests.realtime.fakes import Message

from .client import Browser
from .loop import VirtualLoop

LOOK_S = 0.25
PATIENCE_S = 3.0
"""She starts without those who are not in by then."""
AGAIN_S = 1.0
"""What has had no effect by then, she says again."""


class Host:
    """`all_in`: whether every player has been in the game. `pauses`: how likely she pauses a question."""

    def __init__(
        self, loop: VirtualLoop, browser: Browser, random: Random, all_in: Callable[[], bool], pauses: float
    ) -> None:
        self._loop = loop
        self._browser = browser
        self._random = random
        self._all_in = all_in
        self._pauses = pauses
        self._phase = ""
        self._paused = False
        self._waits = False
        self._since_s = 0.0
        self._quiet_until_s = 0.0
        self._break: str | None = None
        browser.on_message = self._hear

    def start(self) -> None:
        self._since_s = self._loop.time()
        self._browser.start()
        self._look()

    def _hear(self, message: Message) -> None:
        payload = message["payload"]
        match message["type"]:
            case "GAME_STATE":
                self._phase, self._paused = payload["phase"], payload["paused"]
                self._waits = payload["closed"] is not None and payload["closed"]["next_in_ms"] is None
            case "CONTEST_STARTED":
                self._phase = "starting"
            case "NEW_QUESTION":
                self._phase, self._paused, self._waits = "question", False, False
                self._consider_a_break(payload["question_id"])
            case "QUESTION_CLOSED":
                self._phase, self._waits = "reveal", payload["next_in_ms"] is None
            case "GAME_PAUSED":
                self._paused = self._paused or payload["reason"] == "host"
            case "GAME_RESUMED":
                self._paused = False

    def _consider_a_break(self, question_id: str) -> None:
        if self._break != question_id and self._random.random() < self._pauses:
            self._break = question_id
            self._loop.call_later(self._random.uniform(0.1, 1.5), self._browser.send, {"type": "PAUSE_GAME"})

    def _look(self) -> None:
        if self._browser.done:
            return
        now = self._loop.time()
        command = self._command(now)
        if command and self._browser.inside and now >= self._quiet_until_s:
            self._quiet_until_s = now + AGAIN_S
            self._browser.send({"type": command})
        self._loop.call_later(LOOK_S, self._look)

    def _command(self, now: float) -> str | None:
        """What she wants now."""
        if self._phase == "lobby":
            return "START_GAME" if self._all_in() or now - self._since_s >= PATIENCE_S else None
        if self._paused:
            return "RESUME_GAME"
        return "NEXT_QUESTION" if self._phase == "reveal" and self._waits else None
