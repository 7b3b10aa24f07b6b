"""Take a picture of every page, in every state: play a game with bots in a real browser against real processes.

Usage: python scripts/screenshots.py FOLDER
Names are NUMBER-PAGE-WIDTH.png; pages of the workspace are there in dark too.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import browser
from playwright.sync_api import Browser, expect, sync_playwright

sys.path.append(str(Path(__file__).resolve().parent.parent))

from tests.e2e.browser import contests
from tests.e2e.browser.house import HOST, House
from tests.e2e.browser.people import LAPTOP, PROJECTOR, Crowd, Device, Person
from tests.e2e.browser.screens import Game, Lobby, Screen, give_name, join, open_lobby
from tests.e2e.services import Installation

PHONE = Device(390, 844, touch=True, sharpness=2)
DEVICES = (PHONE, LAPTOP, PROJECTOR)
ADDRESS = "http://quiz.example.org"
"""What the lobby shows; the browser itself goes elsewhere."""
BOTS = 7
REACTION_MS = 4000
SETTLED = """() => Promise.allSettled(document.getAnimations()
  .filter((one) => one.effect.getComputedTiming().endTime < 10_000).map((one) => one.finished))"""
QUESTIONS = 3
PATIENCE_MS = 30_000


@dataclass(frozen=True)
class Table:
    """A game that Alice hosts for Bob, Carol and bots."""

    house: House
    lobby: Lobby
    game: Game
    bob: Screen
    carol: Screen

    def right(self) -> str:
        return self.house.answers(self.game.id)[self.bob.question]


class Album:
    """The pictures, in the order in which they were taken."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._number = 0

    def keep(self, person: Person, what: str) -> None:
        """The page as it is now, at every width; all of it, unless it is a game, which never scrolls as a whole."""
        self._number += 1
        classes = person.page.locator("body").get_attribute("class") or ""
        for device in DEVICES:
            person.page.set_viewport_size(device.size)
            self._photograph(person, f"{what}-{device.width}", "playing" not in classes)
            if "workspace" in classes:
                person.page.emulate_media(color_scheme="dark")
                self._photograph(person, f"{what}-{device.width}-dark", full=True)
                person.page.emulate_media(color_scheme="light")

    def _photograph(self, person: Person, name: str, full: bool) -> None:
        person.page.evaluate(SETTLED)
        path = self._folder / f"{self._number:02}-{name}.png"
        person.page.screenshot(path=path, full_page=full, animations="disabled")
        print(path)


def visit(album: Album, person: Person, pages: dict[str, str]) -> None:
    for what, path in pages.items():
        person.open(path)
        album.keep(person, what)


def pages_for_anybody(album: Album, people: Crowd) -> None:
    pages = {
        "home": "/",
        "log-in": "/accounts/login/",
        "sign-up": "/accounts/signup/",
        "forgotten-password": "/accounts/password/reset/",
        "nothing-here": "/nowhere",
        "unknown-pin": "/join/100000",
    }
    visit(album, people.new("Charlie"), pages)


def pages_of_an_organiser(album: Album, people: Crowd) -> None:
    erin = people.organiser("Erin")
    album.keep(erin, "dashboard-empty")
    erin.open("/dashboard/contest/new")
    album.keep(erin, "new-contest")
    erin.page.locator("summary", has_text="How the game runs").click()
    album.keep(erin, "new-contest-options")
    erin.button("Save and open the lobby").click()
    erin.page.locator("[role=alert]").first.wait_for()
    album.keep(erin, "new-contest-refused")
    erin.open("/dashboard/")
    ready = erin.post("/api/contests", {"name": "Friday quiz", "categories": ["history", "nature"]})["id"]
    erin.post("/api/contests", {"name": "Sports day", "categories": ["sport"], "questionCount": 50})
    pages = {
        "dashboard": "/dashboard/",
        "edit-contest": f"/dashboard/contest/{ready}/edit",
        "delete-contest": f"/dashboard/contest/{ready}/delete",
        "account": "/accounts/",
        "change-password": "/accounts/password/change/",
        "change-address": "/accounts/email/",
        "devices": "/accounts/sessions/",
        "delete-account": "/accounts/delete",
        "log-out": "/accounts/logout/",
        "kept-mails": "/dev/mail/",
    }
    visit(album, erin, pages)
    erin.page.locator("main a").first.click()
    album.keep(erin, "kept-mail")


def contests_played_alone(album: Album, people: Crowd) -> None:
    """A standard contest and a marathon: Bob plays, Alice watches."""
    alice, bob = people.organiser("Alice"), people.organiser("Bob")
    later = (datetime.now(UTC) + timedelta(hours=3)).isoformat()
    scheduled = contests.set_up(alice, minutes=600, expected="scheduled", opensAt=later, name="Geography finals")
    bob.open(contests.lobby_path(scheduled))
    album.keep(bob, "contest-scheduled")
    contest = contests.set_up(alice, timing="both", totalTime=1200, resultsShown="at_once", questionTimer=120)
    key = contests.Key(alice, contest)
    people_without_accounts(people, contest)
    bob.open(contests.lobby_path(contest))
    album.keep(bob, "contest-open")
    bob.button("Start").click()
    screen = contests.AttemptScreen(bob)
    for number, choose in ((1, key.right), (2, key.wrong), (3, key.right)):
        screen.is_at_question(number)
        album.keep(bob, f"contest-question-{number}")
        screen.tile(choose(screen)).click()
        screen.is_in("between" if number < QUESTIONS else "finished")
        album.keep(bob, f"contest-answered-{number}")
        if number < QUESTIONS:
            screen.go_on()
    how_it_ends(album, alice, bob, contest)
    a_run(album, alice, bob)
    for kind in ("standard", "marathon"):
        alice.open("/dashboard/contest/new")
        alice.page.locator(f"[name=contest_type][value={kind}]").check()
        album.keep(alice, f"new-contest-{kind}")
    alice.open("/dashboard/")
    album.keep(alice, "dashboard-contests")


def how_it_ends(album: Album, alice: Person, bob: Person, contest: str) -> None:
    alice.open(contests.lobby_path(contest))
    album.keep(alice, "contest-organiser")
    contests.end(alice, contest)
    album.keep(alice, "contest-organiser-closed")
    bob.open(contests.lobby_path(contest))
    album.keep(bob, "contest-closed")
    bob.link("Your answers and the right ones").click()
    bob.reads("Question by question")
    album.keep(bob, "contest-review")


def people_without_accounts(people: Crowd, contest: str) -> None:
    """Some who are in."""
    for name in ("Gina", "Hiroshi", "Ngozi", "Zoë"):
        guest = people.new(name)
        guest.open(contests.lobby_path(contest))
        guest.page.get_by_label("Your name in the contest").fill(name)
        guest.button("Start").click()
        screen = contests.AttemptScreen(guest)
        for number in range(1, QUESTIONS + 1):
            screen.is_at_question(number)
            screen.tiles.nth(len(name) % 4).click()
            screen.is_in("between" if number < QUESTIONS else "finished")
            if number < QUESTIONS:
                screen.go_on()


def a_run(album: Album, alice: Person, bob: Person) -> None:
    marathon = contests.set_up(alice, "marathon", name="The long night of knowledge", questionTimer=120)
    key = contests.Key(alice, marathon)
    bob.open(contests.lobby_path(marathon))
    album.keep(bob, "marathon-lobby")
    bob.button("Start a run").click()
    screen = contests.AttemptScreen(bob)
    for choose in (key.right, key.right, key.wrong, key.right):
        screen.is_in("question")
        screen.tile(choose(screen)).click()
        screen.is_in("between")
        screen.go_on()
    screen.is_in("question")
    album.keep(bob, "marathon-question")
    for _ in range(2):
        screen.tile(key.wrong(screen)).click()
        expect(bob.page.locator("#attempt")).not_to_have_attribute("data-state", "question")
        if bob.button("Next question").is_visible():
            album.keep(bob, "marathon-between")
            screen.go_on()
            screen.is_in("question")
    album.keep(bob, "marathon-over")


def a_game(album: Album, people: Crowd, house: House) -> None:
    alice = people.organiser("Alice")
    lobby = open_lobby(alice, intermission="host", questionCount=QUESTIONS, questionTimer=20, difficulty="easy")
    alice.sees("You can start when the first player is here.")
    album.keep(alice, "host-lobby-empty")
    game = lobby.game()
    bob = people.new("Bob", PHONE)
    bob.open(game.join_path)
    album.keep(bob, "door")
    give_name(bob, "...")
    bob.page.locator(".errorlist").wait_for()
    album.keep(bob, "door-refused")
    bobs, carols = join(bob, game), join(people.new("Carol"), game)
    with house.bots(game.pin, BOTS, REACTION_MS, prefix=""):
        expect(lobby.players).to_have_count(BOTS + 2)
        album.keep(bob, "player-lobby")
        album.keep(alice, "host-lobby")
        alice.button("Remove Bob").click()
        album.keep(alice, "host-remove")
        alice.button("Keep").click()
        questions(album, Table(house, lobby, game, bobs, carols))
    ends(album, lobby, game, bobs)


def questions(album: Album, table: Table) -> None:
    """Bob is right, wrong, and does not answer the skipped one. Carol is always the last."""
    lobby, bob, alice = table.lobby, table.bob, table.lobby.person
    lobby.start_button.click()
    lobby.is_in("starting")
    album.keep(bob.person, "player-starting")
    album.keep(alice, "host-starting")
    bob.is_at_question(1)
    album.keep(bob.person, "player-question")
    album.keep(alice, "host-question")
    alice.button("Pause").click()
    expect(bob.pause).to_be_visible()
    album.keep(bob.person, "player-paused")
    album.keep(alice, "host-paused")
    alice.button("Go on").click()
    bob.answer(table.right())
    album.keep(bob.person, "player-answered")
    table.carol.answer(table.right())
    reveal(album, table, 1, "right")
    bob.answer(next(option for option in bob.options() if option != table.right()))
    table.carol.answer(table.right())
    reveal(album, table, 2, "wrong")
    alice.button("Skip").click()
    reveal(album, table, 3, "skipped")


def reveal(album: Album, table: Table, number: int, what: str) -> None:
    """The closed question, and on to the next."""
    for screen, who in ((table.bob, "player"), (table.lobby, "host")):
        screen.is_at_reveal(number)
        album.keep(screen.person, f"{who}-reveal-{what}")
    table.lobby.person.button("Next").click()
    table.bob.is_in("question" if number < QUESTIONS else "over")


def ends(album: Album, lobby: Lobby, game: Game, bob: Screen) -> None:
    for screen, who in ((bob, "player"), (lobby, "host")):
        screen.is_in("over")
        album.keep(screen.person, f"{who}-podium")
        screen.person.open(game.results_path)
        album.keep(screen.person, f"{who}-results")
    lobby.person.open("/dashboard/")
    album.keep(lobby.person, "dashboard-played")
    lobby.person.link("Play again").first.click()
    album.keep(lobby.person, "host-lobby-played")


def being_sent_away(album: Album, people: Crowd, house: House) -> None:
    lobby = open_lobby(people.organiser("Alice"))
    game = lobby.game()
    bob, carol, dave = (people.new(name, PHONE) for name in ("Bob", "Carol", "Dave"))
    join(bob, game)
    join(carol, game)
    carol.context.new_page().goto(house.url + game.game_path)
    carol.reads("You are playing somewhere else")
    album.keep(carol, "playing-elsewhere")
    lobby.remove("Bob")
    bob.reads("The host has removed you")
    album.keep(bob, "removed")
    lobby.person.button("Lock the room").click()
    dave.open(game.join_path)
    give_name(dave, "Dave")
    dave.reads("The room is locked")
    album.keep(dave, "locked-out")
    album.keep(lobby.person, "host-lobby-locked")


def main(folder: Path) -> None:
    expect.set_options(timeout=PATIENCE_MS)
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="momentum-screenshots-")))
        house = House(stack.enter_context(Installation(data, ALLOWED_HOSTS=HOST, PUBLIC_URL=ADDRESS)))
        chromium = stack.enter_context(started_browser())
        people = Crowd(chromium, house, folder)
        album = Album(folder)
        pages_for_anybody(album, people)
        pages_of_an_organiser(album, people)
        contests_played_alone(album, people)
        a_game(album, people, house)
        being_sent_away(album, people, house)


@contextmanager
def started_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = [f"--host-resolver-rules=MAP {HOST} 127.0.0.1"]
        yield playwright.chromium.launch(executable_path=browser.find(), args=arguments)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
