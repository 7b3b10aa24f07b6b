"""axe finds nothing on any page, in any state. (The documentation of the API is Swagger's own page.)"""

from dataclasses import dataclass, replace

from playwright.sync_api import expect

from .accessibility import Audit
from .house import House
from .people import LAPTOP, PHONE, Crowd, Person
from .screens import Game, Lobby, Screen, give_name, join, open_lobby

CALM_LAPTOP = replace(LAPTOP, still=True)
CALM_PHONE = replace(PHONE, still=True)


OPERATOR = """
from momentum.web.accounts.models import User
from momentum.web.mail import outbox
User.objects.filter(username="{name}").update(is_staff=True)
outbox.set_aside(outbox.post("test", "bob@example.org", "Hello", "There"), "it cannot be sent")
"""


def test_pages_that_anybody_can_open(people: Crowd, house: House) -> None:
    audit = Audit()
    bob = people.new("Bob", CALM_LAPTOP)
    bob.watch.expect("404", "403")
    for what, path in {
        "home": "/",
        "log in": "/accounts/login/",
        "sign up": "/accounts/signup/",
        "forgotten password": "/accounts/password/reset/",
        "forgotten password, sent": "/accounts/password/reset/done/",
        "a link of old to a new password": "/accounts/password/reset/key/1-abc/",
        "an address that is not there": "/nowhere",
        "a PIN that is not there": "/join/100000",
        "kept mails": "/dev/mail/",
    }.items():
        bob.open(path)
        audit.look(bob, what)
    bob.open("/accounts/login/")
    bob.page.get_by_label("Password").fill("wrong")
    bob.page.locator("[name=login]").fill("Nobody")
    bob.button("Log in").click()
    bob.page.locator("[role=alert]").wait_for()
    audit.look(bob, "log in, refused")
    bob.context.clear_cookies(name="csrftoken")
    bob.page.get_by_label("Password").fill("wrong")
    bob.button("Log in").click()
    bob.reads("This page was open for too long")
    audit.look(bob, "a form without its cookie")
    assert audit.passes()


def test_pages_of_an_organiser(people: Crowd, house: House) -> None:
    audit = Audit()
    alice = people.organiser("Alice", CALM_LAPTOP)
    alice.watch.expect("409", "400")
    audit.look(alice, "dashboard, empty")
    ready = alice.post("/api/contests", {"name": "Ready", "questionCount": 3, "categories": ["history"]})["id"]
    alice.post("/api/contests", {"name": "Draft", "difficulty": "hard", "questionCount": 50, "categories": ["sport"]})
    marathon = alice.post("/api/contests", {"name": "Long", "contestType": "marathon"})["id"]
    alice.open(f"/dashboard/contest/{ready}/lobby")
    for what, path in {
        "dashboard": "/dashboard/",
        "a contest": f"/dashboard/contest/{ready}/edit",
        "deleting a contest": f"/dashboard/contest/{ready}/delete",
        "a contest for later": f"/dashboard/contest/{marathon}/lobby",
        "home, signed in": "/",
        "account": "/accounts/",
        "password": "/accounts/password/change/",
        "address": "/accounts/email/",
        "devices": "/accounts/sessions/",
        "API keys": "/accounts/keys",
        "webhooks": "/accounts/webhooks",
        "deleting the account": "/accounts/delete",
        "logging out": "/accounts/logout/",
    }.items():
        alice.open(path)
        audit.look(alice, what)
    alice.open("/dev/mail/")
    alice.page.locator("main a").first.click()
    audit.look(alice, "a mail")
    house.manage("shell", "-c", OPERATOR.format(name=alice.name))
    alice.open("/operator/mail")
    audit.look(alice, "mails on their way")
    alice.open("/dashboard/")
    alice.page.locator("main details summary").first.click()
    audit.look(alice, "dashboard, menu open")
    alice.open("/dashboard/contest/new")
    alice.page.locator("summary", has_text="How the game runs").click()
    audit.look(alice, "a new contest")
    alice.button("Save and open the lobby").click()
    alice.page.locator("[role=alert]").first.wait_for()
    audit.look(alice, "a new contest, refused")
    assert audit.passes()


@dataclass(frozen=True)
class Table:
    """A game that Alice hosts for Bob and Carol, and what axe finds on their pages."""

    house: House
    audit: Audit
    lobby: Lobby
    game: Game
    bob: Screen
    carol: Screen

    def right(self) -> str:
        return self.house.answers(self.game.id)[self.bob.question]

    def wrong(self) -> str:
        return next(option for option in self.bob.options() if option != self.right())


def test_a_game_from_the_door_to_the_results(people: Crowd, house: House) -> None:
    audit = Audit()
    lobby = open_lobby(people.organiser("Alice", CALM_LAPTOP), intermission="host", questionCount=2)
    lobby.person.sees("You can start when the first player is here.")
    audit.look(lobby.person, "host, empty lobby")
    bob = look_at_the_door(audit, people.new("Bob", CALM_PHONE), lobby.game())
    carol = join(people.new("Carol", CALM_PHONE), lobby.game())
    table = Table(house, audit, lobby, lobby.game(), bob, carol)
    look_at_the_lobby(table)
    look_at_a_question(table)
    look_at_reveals(table)
    look_at_the_end(table)
    assert audit.passes()


def look_at_the_door(audit: Audit, bob: Person, game: Game) -> Screen:
    bob.watch.expect("400")
    bob.open(game.join_path)
    audit.look(bob, "door")
    give_name(bob, "...")
    bob.page.locator(".errorlist").wait_for()
    audit.look(bob, "door, name refused")
    return join(bob, game)


def look_at_the_lobby(table: Table) -> None:
    alice, bob = table.lobby.person, table.bob.person
    table.lobby.shows_players("Bob", "Carol")
    table.audit.look(bob, "player, lobby")
    table.audit.look(alice, "host, lobby")
    alice.button("Remove Bob").click()
    table.audit.look(alice, "host, asked about a removal")
    alice.button("Keep").click()
    bob.button("Leave the game").click()
    table.audit.look(bob, "player, asked about leaving")
    bob.button("Stay").click()


def look_at_a_question(table: Table) -> None:
    alice, bob = table.lobby.person, table.bob.person
    table.lobby.start()
    table.bob.is_at_question(1)
    table.audit.look(bob, "player, question")
    table.audit.look(alice, "host, question")
    table.bob.answer(table.right())
    table.audit.look(bob, "player, answered")
    alice.button("Pause").click()
    expect(table.bob.pause).to_be_visible()
    table.audit.look(bob, "player, paused")
    table.audit.look(alice, "host, paused")
    alice.button("Go on").click()
    expect(table.bob.pause).to_be_hidden()
    table.carol.answer(table.wrong())


def look_at_reveals(table: Table) -> None:
    alice = table.lobby.person
    for screen, what in ((table.bob, "right"), (table.carol, "wrong"), (table.lobby, "host")):
        screen.is_at_reveal(1)
        table.audit.look(screen.person, f"reveal, {what}")
    alice.button("Next").click()
    table.bob.is_at_question(2)
    alice.button("Skip").click()
    table.bob.is_at_reveal(2)
    table.audit.look(table.bob.person, "reveal, skipped")


def look_at_the_end(table: Table) -> None:
    alice, bob = table.lobby.person, table.bob.person
    alice.button("End").click()
    table.audit.look(alice, "host, asked about the end")
    alice.button("End the game").click()
    for screen in (table.bob, table.carol, table.lobby):
        screen.is_in("over")
        table.audit.look(screen.person, f"podium of {screen.person.name}")
    bob.link("All results").click()
    bob.reads("Question by question")
    table.audit.look(bob, "results of a player")
    alice.open(table.game.results_path)
    table.audit.look(alice, "results of the host")
    alice.open("/dashboard/")
    alice.link("Play again").first.click()
    alice.reads("This game is over")
    table.audit.look(alice, "lobby, played")


def test_being_sent_away(people: Crowd, house: House) -> None:
    audit = Audit()
    lobby = open_lobby(people.organiser("Alice", CALM_LAPTOP))
    game = lobby.game()
    bob, carol, dave = (people.new(name, CALM_PHONE) for name in ("Bob", "Carol", "Dave"))
    join(bob, game)
    join(carol, game)
    carol.context.new_page().goto(house.url + game.game_path)
    carol.reads("You are playing somewhere else")
    audit.look(carol, "playing elsewhere")
    lobby.remove("Bob")
    bob.reads("The host has removed you")
    audit.look(bob, "removed")
    lobby.person.button("Lock the room").click()
    lobby.person.button("Locked: let people in").wait_for()
    audit.look(lobby.person, "host, locked")
    dave.open(game.join_path)
    give_name(dave, "Dave")
    dave.reads("The room is locked")
    audit.look(dave, "locked out")
    assert audit.passes()


def test_waiting_for_the_connection(people: Crowd, house: House) -> None:
    audit = Audit()
    lobby = open_lobby(people.organiser("Alice", CALM_LAPTOP))
    bob = join(people.new("Bob", CALM_PHONE), lobby.game()).person
    for person in people:
        person.watch.expect("WebSocket connection to", "ERR_INTERNET_DISCONNECTED")
    bob.context.set_offline(True)
    house.installation.kill("realtime")
    bob.sees("Connection lost")
    audit.look(bob, "connection lost")
    bob.context.set_offline(False)
    assert audit.passes()
