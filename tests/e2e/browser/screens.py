"""The pages of a game, as people use them."""

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, expect

from .house import Row
from .people import Person

PIN = re.compile(r"\b(\d{3}) ?(\d{3})\b")
GAME = re.compile(r"/dashboard/contest/([0-9a-f-]{36})/game$")


@dataclass(frozen=True)
class Game:
    """A game that is open. Its PIN and its id."""

    pin: str
    id: str

    @property
    def join_path(self) -> str:
        return f"/join/{self.pin}"

    @property
    def game_path(self) -> str:
        return f"/dashboard/contest/{self.id}/game"

    @property
    def results_path(self) -> str:
        return f"/dashboard/contest/{self.id}/results"


class Screen:
    """A game on somebody's page: what player and host have in common."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.page = person.page
        self.tiles = self.page.locator("button.tile")
        self.status = self.page.locator("[data-slot=status]")
        self.verdict = self.page.locator(".verdict")
        self.banner = self.page.locator("[data-frame=link]")
        self.pause = self.page.locator("[data-frame=pause]")

    def is_in(self, phase: str) -> None:
        """Wait for a phase: lobby, starting, question, reveal, over, or ended (no longer connected, for good)."""
        expect(self.page.locator("body")).to_have_attribute("data-phase", phase)

    def is_at_question(self, number: int) -> None:
        self.is_in("question")
        expect(self.page.locator("[data-frame=count]")).to_have_text(re.compile(rf"Question {number} of"))

    def is_at_reveal(self, number: int) -> None:
        self.is_in("reveal")
        expect(self.page.locator("[data-frame=count]")).to_have_text(re.compile(rf"Question {number} of"))

    @property
    def seconds_left(self) -> int:
        return int(self.page.locator(".timer-seconds").inner_text())

    @property
    def question(self) -> str:
        return self.page.locator("#question-text").inner_text()

    def tile(self, option: str) -> Locator:
        return self.tiles.filter(has=self.page.get_by_text(option, exact=True))

    def answer(self, option: str) -> None:
        """Tap an answer, and wait until it is kept for good: it is said so, or the question closes."""
        tile = self.tile(option)
        if self.page.evaluate("navigator.maxTouchPoints"):
            tile.tap()
        else:
            tile.click()
        expect(self.status.filter(has_text="Answer saved").or_(self.verdict)).to_be_visible()

    def has_chosen(self, option: str) -> None:
        """The question is open, and this answer to it is kept."""
        expect(self.tile(option)).to_have_class(re.compile("chosen"))
        expect(self.status).to_have_text("Answer saved")

    def options(self) -> list[str]:
        return self.page.locator(".tile-text").all_inner_texts()

    def final_board(self) -> list[Row]:
        """The board of the podium page, once the game is over."""
        self.is_in("over")
        rows = self.page.locator(".over-board .board > li").evaluate_all(
            "rows => rows.map(row => ['.board-rank', '.board-name', '.board-score']"
            ".map(part => row.querySelector(part).textContent))"
        )
        return [_row(*row) for row in rows]


class Lobby(Screen):
    """The host's page: the lobby, then the game."""

    def __init__(self, host: Person) -> None:
        super().__init__(host)
        self.start_button = host.button("Start the game")
        self.players = self.page.locator("#host-lobby .chip bdi")

    def game(self) -> Game:
        """The game of this lobby, once its page is there."""
        found = PIN.search(self.page.locator(".join-pin strong").inner_text())
        assert found
        data: dict[str, Any] = self.page.locator("#momentum-data").evaluate("data => JSON.parse(data.textContent)")
        return Game(pin="".join(found.groups()), id=data["gameId"])

    def shows_players(self, *names: str) -> None:
        expect(self.players).to_have_text(list(names))

    def start(self, *, countdown: bool = False) -> None:
        """Start; the countdown is skipped unless it is wanted."""
        self.start_button.click()
        if not countdown:
            self.person.button("Next").click()
        self.is_in("question")

    def remove(self, name: str) -> None:
        self.person.button(f"Remove {name}").click()
        self.person.button(re.compile("^Remove$")).click()


def open_lobby(host: Person, **settings: Any) -> Lobby:
    """A lobby of a new contest with these settings of POST /api/contests, and one second between questions."""
    defaults = {"name": "Friday quiz", "questionCount": 2, "questionTimer": 60, "intermission": 1}
    contest = host.post("/api/contests", defaults | settings)
    host.open(f"/dashboard/contest/{contest['id']}/lobby")
    return Lobby(host)


def join(person: Person, game: Game, name: str = "") -> Screen:
    """Come in as a guest by the game's link, under a name (the person's own)."""
    person.open(game.join_path)
    give_name(person, name or person.name)
    return in_game(person)


def give_name(person: Person, name: str) -> None:
    person.page.get_by_label("Your name in the game").fill(name)
    person.button("Join the game").click()


def in_game(person: Person) -> Screen:
    """The game page, once it is connected."""
    person.page.wait_for_url(GAME)
    expect(person.page.locator("body")).to_have_attribute("data-phase", re.compile("lobby|starting|question|reveal"))
    return Screen(person)


def results_board(person: Person) -> list[Row]:
    """The board of the results page that is open."""
    rows = person.page.locator("#board tbody tr").evaluate_all(
        "rows => rows.map(row => [row.children[0], row.querySelector('bdi'), row.children[2]]"
        ".map(part => part.textContent))"
    )
    return [_row(*row) for row in rows]


def _row(rank: str, name: str, score: str) -> Row:
    return Row(int(rank), name.removesuffix(" (you)"), int(score.replace(",", "")))
