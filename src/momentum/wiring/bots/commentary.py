"""What the bots' owner reads: a line for everything worth one, however many bots see it."""

from collections.abc import Callable

from momentum.wiring.bots.connection import Ending
from momentum.wiring.bots.player import Message, Observer

Say = Callable[[str], None]
LINES_OF_RESULT = 10


class Commentary:
    """Of one game with several bots in it."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._told: set[str] = set()
        self._bots: set[str] = set()
        self._over: Message | None = None

    def of(self, name: str) -> "BotObserver":
        """The observer of one bot."""
        return BotObserver(self, name)

    def bot(self, name: str, what: str) -> None:
        """Something that happened to one bot."""
        self._say(f"{name} {what}")

    def game(self, line: str) -> None:
        """Something that happens to the game: the first bot to see it tells."""
        if line not in self._told:
            self._told.add(line)
            self._say(line)

    def seated(self, user_id: str) -> None:
        """One of the bots is in the game under this id."""
        self._bots.add(user_id)

    def over(self, over: Message) -> None:
        """A bot has seen the end: what GAME_OVER said."""
        self._over = over

    def end(self) -> None:
        """Tell how the bots have done."""
        if self._over is None:
            return
        self._say("the game is over")
        bots = [row for row in self._over["final_scoreboard"] if row["user_id"] in self._bots]
        for row in bots[:LINES_OF_RESULT]:
            self._say(f"{row['rank']:>5}. {row['username']}: {row['score']}")


class BotObserver(Observer):
    """Tells a commentary what one bot sees."""

    def __init__(self, commentary: Commentary, name: str) -> None:
        self._commentary = commentary
        self._name = name
        self._been_in = False

    def heard(self, message: Message) -> None:
        teller = _TELLERS.get(message["type"])
        if teller is not None:
            teller(self, message["payload"])

    def lost(self) -> None:
        self._commentary.bot(self._name, "has lost the connection and tries to come back")

    def ended(self, ending: Ending, refusal: str) -> None:
        """The bot is done."""
        if ending.over:
            return
        why = refusal or (ending.close.reason if ending.close else "no way in for too long")
        self._commentary.bot(self._name, f"is out: {why}")

    def _state(self, state: Message) -> None:
        you = state["you"]
        self._name = you["username"]
        self._commentary.seated(you["user_id"])
        self._commentary.bot(self._name, "is back" if self._been_in else "is in")
        self._been_in = True
        if state["question"]:
            self._question(state["question"])
        if state["over"]:
            self._commentary.over(state["over"])

    def _question(self, question: Message) -> None:
        number, total, text = question["question_number"], question["total_questions"], question["question_text"]
        self._commentary.game(f"question {number} of {total}: {text}")

    def _closed(self, closed: Message) -> None:
        answers = sum(option["count"] for option in closed["distribution"])
        right = sum(o["count"] for o in closed["distribution"] if o["option"] == closed["correct_answer"])
        number, key = closed["question_number"], closed["correct_answer"]
        self._commentary.game(f"question {number} has closed: {right} of {answers} answered {key}, which is right")


_TELLERS: dict[str, Callable[[BotObserver, Message], None]] = {
    "GAME_STATE": BotObserver._state,
    "NEW_QUESTION": BotObserver._question,
    "QUESTION_CLOSED": BotObserver._closed,
    "GAME_OVER": lambda self, over: self._commentary.over(over),
}
