"""What a client makes of what it hears, written from the reference alone: a message changes its part of the state."""

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Listener:
    """Follows one socket. `players`: the name, score and host mark of everybody in the game, by user."""

    user_id: str
    phase: str = ""
    paused: bool = False
    locked: bool = False
    number: int = 0
    players: dict[str, tuple[str, int, bool]] = field(default_factory=dict)
    player_count: int = 0
    score: int = 0
    rank: int | None = None
    question: dict[str, Any] | None = None
    accepted: bool = False
    progress: tuple[int, int] | None = None
    result: dict[str, Any] | None = None
    closed: dict[str, Any] | None = None
    over: dict[str, Any] | None = None
    seq: int = 0
    rev: int = 0

    def hear(self, frame: bytes) -> None:
        message = json.loads(frame)
        assert message["seq"] == self.seq + 1, "seq rises by one per connection"
        assert message.get("rev", self.rev) >= self.rev, "rev never goes back"
        self.seq, self.rev = message["seq"], message.get("rev", self.rev)
        getattr(self, f"_{message['type'].lower()}")(message["payload"])

    def _game_state(self, told: dict[str, Any]) -> None:
        assert self.seq == 1, "GAME_STATE comes first"
        self.phase, self.paused, self.locked = told["phase"], told["paused"], told["locked"]
        self.number = told["question_number"]
        self._take_players(told)
        self.score, self.rank = told["you"]["score"], told["you"]["rank"]
        self.question = self._as_asked(told["question"]) if told["question"] else None
        self.accepted = bool(told["question"] and told["question"]["your_answer"])
        self.progress = (told["answered"], told["expected"]) if told["question"] else None
        self.result, self.closed, self.over = told["your_result"], told["closed"], told["over"]

    def _player_joined(self, told: dict[str, Any]) -> None:
        self._take_players(told)

    def _player_left(self, told: dict[str, Any]) -> None:
        self._take_players(told)

    def _contest_started(self, told: dict[str, Any]) -> None:
        self.phase = "starting"
        self._take_players(told)

    def _new_question(self, told: dict[str, Any]) -> None:
        self.phase, self.number, self.question = "question", told["question_number"], self._as_asked(told)
        self.accepted, self.progress, self.result, self.closed = False, None, None, None

    def _answer_accepted(self, told: dict[str, Any]) -> None:
        self.accepted |= self.question is not None and told["question_id"] == self.question["question_id"]

    def _answer_progress(self, told: dict[str, Any]) -> None:
        self.progress = (told["answered"], told["expected"])

    def _answer_result(self, told: dict[str, Any]) -> None:
        latest = self.question or self.closed
        if latest is not None and latest["question_id"] == told["question_id"]:
            self.result, self.accepted, self.score = told, self.question is not None, told["new_score"]

    def _score_update(self, told: dict[str, Any]) -> None:
        for row in told.get("scores", [told]):
            self._score(row)

    def _question_closed(self, told: dict[str, Any]) -> None:
        self.phase, self.question, self.progress, self.closed = "reveal", None, None, told
        self.accepted = False
        self._take_board(told["scoreboard"], told["own"])

    def _game_over(self, told: dict[str, Any]) -> None:
        self.phase, self.question, self.closed, self.result, self.over = "over", None, None, None, told
        self._take_board(told["final_scoreboard"], told["own"])

    def _game_paused(self, told: dict[str, Any]) -> None:
        self.paused = True

    def _game_resumed(self, told: dict[str, Any]) -> None:
        self.paused = False

    def _game_locked(self, told: dict[str, Any]) -> None:
        self.locked = told["locked"]

    def _error(self, told: dict[str, Any]) -> None:
        assert set(told) == {"code", "message", "question_id"}

    def _take_players(self, told: dict[str, Any]) -> None:
        self.players = {row["user_id"]: (row["username"], row["score"], row["is_host"]) for row in told["players"]}
        self.player_count = told["player_count"] if "player_count" in told else self.player_count

    def _take_board(self, rows: list[dict[str, Any]], own: dict[str, Any] | None) -> None:
        for row in rows:
            self._score(row)
        if own is not None:
            self.score, self.rank = own["score"], own["rank"]

    def _score(self, row: dict[str, Any]) -> None:
        if row["user_id"] in self.players:
            username, _, is_host = self.players[row["user_id"]]
            self.players[row["user_id"]] = (username, row["score"], is_host)

    @staticmethod
    def _as_asked(told: dict[str, Any]) -> dict[str, Any]:
        """A question as NEW_QUESTION tells it."""
        only_for_me = ("remaining_ms", "your_answer", "may_answer")
        return {name: value for name, value in told.items() if name not in only_for_me}
