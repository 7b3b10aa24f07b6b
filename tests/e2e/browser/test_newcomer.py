"""Somebody who has never been here gets from signing up to the first question by doing what the pages offer."""

from playwright.sync_api import expect

from .people import PASSWORD, PHONE, Crowd, Person
from .screens import Lobby, in_game

LONGEST_S = 55
"""A minute, less what the machine takes of it."""
THINK_S, POINT_S, CHANGE_HANDS_S, KEY_S = 1.35, 1.1, 0.4, 0.28
"""How long people take, after the keystroke-level model; the last for an average typist."""


class Newcomer:
    """Does what a person does, and counts the seconds that people need for it."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.page = person.page
        self.seconds = 0.0

    def fill(self, label: str, text: str) -> None:
        field = self.page.locator("main").get_by_label(label)
        field.fill(text)
        self.seconds += THINK_S + POINT_S + CHANGE_HANDS_S + KEY_S * len(text)

    def press_what_stands_out(self) -> None:
        """The one primary button that the page has."""
        self.seconds += THINK_S + POINT_S + KEY_S
        expect(self.page.locator(".button.primary:visible")).to_have_count(1)
        self.page.locator(".button.primary:visible").click()


def test_from_signing_up_to_the_first_question_takes_less_than_a_minute(people: Crowd) -> None:
    organiser, friend = Newcomer(people.new("Alice")), Newcomer(people.new("Bob", PHONE))
    organiser.person.open("/")
    organiser.person.link("Make a contest").click()
    organiser.fill("Username", organiser.person.house.unused("Alice"))
    organiser.fill("Email", f"{organiser.person.house.unused('alice')}@example.org")
    organiser.fill("Password", PASSWORD)
    organiser.press_what_stands_out()
    organiser.person.reads("Make your first contest")
    organiser.press_what_stands_out()
    organiser.fill("Name", "Friday quiz")
    organiser.press_what_stands_out()
    lobby = Lobby(organiser.person)
    organiser.person.sees("You can start when the first player is here.")

    friend.person.open("/")
    friend.fill("Game PIN", lobby.game().pin)
    friend.press_what_stands_out()
    friend.fill("Your name in the game", "Bob")
    friend.press_what_stands_out()
    in_game(friend.person)

    organiser.person.sees("Everybody in? Then off you go.")
    organiser.press_what_stands_out()
    lobby.is_at_question(1)
    assert organiser.seconds + friend.seconds < LONGEST_S


def test_the_dashboard_says_what_to_do_next(people: Crowd) -> None:
    alice = people.organiser("Alice")
    alice.reads("Make your first contest")
    alice.post("/api/contests", {"name": "Pub night", "questionCount": 1})
    alice.open("/dashboard/")
    alice.reads("Pub night is ready")
    alice.link("Open the lobby").first.click()
    lobby = Lobby(alice)
    game = lobby.game()
    alice.open("/dashboard/")
    alice.reads("Pub night is open")
    alice.link("To the game").first.click()
    alice.sees(f"{game.pin[:3]} {game.pin[3:]}")
