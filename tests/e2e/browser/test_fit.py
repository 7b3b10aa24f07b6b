"""Long names and questions, scripts from right to left, zoom, and motion that is unwanted."""

import json
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from .house import House
from .people import LAPTOP, PHONE, Crowd, Person
from .screens import join, open_lobby

LONG_NAMES = ("W" * 24, "شهرزاد الخوارزمي البغداد", "👩🏽‍🚀" * 6)
QUESTION = (
    "Which of these four long statements about the history of the measurement of longitude at sea "
    "is the one that most historians of navigation would accept today?!?"
)
OPTIONS = [
    f"{first} needed good clocks, and clocks that kept the time at"[:57] + f" {n}."
    for n, first in enumerate(("Mariners", "Admirals", "Scholars", "Monarchs"), 1)
]
ZOOMED = {"phone": (390 // 2, 844 // 2), "laptop": (1280 // 2, 800 // 2)}
"""What a window at 200 % has left, in CSS pixels."""


@pytest.fixture(scope="module")
def long_questions(house: House, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The slug of a category whose questions are as long as they may be."""
    assert {len(QUESTION), *map(len, OPTIONS)} == {160, 60}
    category = {"model": "questions.category", "pk": 999, "fields": {"slug": "long", "name": "Long"}}
    fields = {"category": 999, "difficulty": "easy", "text": QUESTION, "options": OPTIONS, "answer": 0}
    question = {"model": "questions.question", "fields": fields | {"key": "long-1", "explanation": QUESTION}}
    path = tmp_path_factory.mktemp("fixture") / "long.json"
    path.write_text(json.dumps([category, question]))
    house.manage("loaddata", str(path))
    return "long"


OVERFLOWING = """() => [document.documentElement, ...document.querySelectorAll("main, dialog[open]")]
  .filter((part) => part.scrollWidth > part.clientWidth)
  .map((part) => {
    const edge = part.getBoundingClientRect().left + part.clientWidth;
    const wide = [...part.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > edge + 1);
    const culprits = wide.map((one) => one.className || one.tagName);
    return `${part.tagName} has ${part.scrollWidth} in ${part.clientWidth}: ${culprits}`;
  })"""


def overflows(person: Person) -> list[str]:
    """What is wider than the window, or than the part of the page that it stands in."""
    found: list[str] = person.page.evaluate(OVERFLOWING)
    return found


def test_the_longest_question_fits_a_phone_without_scrolling(people: Crowd, long_questions: str) -> None:
    alice = people.organiser("Alice")
    lobby = open_lobby(alice, categories=[long_questions], questionCount=1)
    bob = join(people.new("Bob", PHONE), lobby.game(), LONG_NAMES[0])
    lobby.start()
    for screen in (bob, lobby):
        screen.is_at_question(1)
        scrolls = screen.page.locator("main").evaluate("main => main.scrollHeight - main.clientHeight")
        assert scrolls <= 0
        assert overflows(screen.person) == []
        for text in screen.page.locator(".tile-text").all():
            expect(text).to_be_in_viewport(ratio=1)


def test_long_names_stay_where_they_belong(people: Crowd, house: House) -> None:
    alice = people.organiser("Alice")
    lobby = open_lobby(alice, name="شهرزاد " * 10, questionCount=1)
    game = lobby.game()
    screens = [join(people.new(f"Bob{n}", PHONE), game, name) for n, name in enumerate(LONG_NAMES)]
    lobby.shows_players(*LONG_NAMES)
    everybody = (lobby, *screens)
    for screen in everybody:
        assert overflows(screen.person) == []
    lobby.start()
    for screen in screens:
        screen.answer(house.answers(game.id)[screen.question])
    for screen in everybody:
        screen.is_in("reveal")
        assert overflows(screen.person) == []
    for screen in everybody:
        screen.is_in("over")
        assert overflows(screen.person) == []
        screen.person.link("All results").click()
        screen.person.reads("Question by question")
        assert overflows(screen.person) == []


@pytest.mark.parametrize("size", ZOOMED)
def test_nothing_scrolls_sideways_at_twice_the_size(people: Crowd, size: str) -> None:
    width, height = ZOOMED[size]
    device = replace(LAPTOP, width=width, height=height)
    found: list[str] = []

    def look(person: Person, what: str) -> None:
        found.extend(f"{what}: {one}" for one in overflows(person))

    alice = people.organiser("Alice", device)
    lobby = open_lobby(alice, questionCount=1)
    game = lobby.game()
    bob = people.new("Bob", device)
    for path in ("/", "/accounts/login/", "/accounts/signup/", game.join_path):
        bob.open(path)
        look(bob, path)
    bobs = join(bob, game)
    lobby.shows_players("Bob")
    look(alice, "lobby")
    look(bob, "player's lobby")
    lobby.start()
    bobs.is_at_question(1)
    look(bob, "question")
    look(alice, "host's question")
    bobs.answer(bobs.options()[0])
    for screen in (bobs, lobby):
        screen.is_in("reveal")
        look(screen.person, "reveal")
    for screen in (bobs, lobby):
        screen.is_in("over")
        look(screen.person, "podium")
    for path in (game.results_path, "/dashboard/", "/dashboard/contest/new", "/accounts/", "/accounts/sessions/"):
        alice.open(path)
        look(alice, path)
    assert not found, "\n".join(found)


def test_nothing_moves_for_who_prefers_that(people: Crowd) -> None:
    alice = people.organiser("Alice", replace(LAPTOP, still=True))
    lobby = open_lobby(alice, questionCount=1)
    bob = join(people.new("Bob", replace(PHONE, still=True)), lobby.game())
    lobby.shows_players("Bob")
    moving = "document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime > 20).length"
    assert [screen.page.evaluate(moving) for screen in (lobby, bob)] == [0, 0]
    lobby.start()
    bob.is_at_question(1)
    assert bob.page.evaluate(moving) == 0
    bob.answer(bob.options()[0])
    for phase in ("reveal", "over"):
        for screen in (bob, lobby):
            screen.is_in(phase)
            assert screen.page.evaluate(moving) == 0
