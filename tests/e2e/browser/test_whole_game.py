"""Whole games, from the first page to the results."""

from dataclasses import dataclass

from playwright.sync_api import expect

from .house import House
from .people import LAPTOP, PHONE, PROJECTOR, Crowd, Person
from .screens import Game, Lobby, Screen, give_name, in_game, join, open_lobby, results_board


@dataclass(frozen=True)
class Table:
    """A game that Alice hosts for Bob on his phone, Carol who keeps reloading, and Dave on the keyboard."""

    house: House
    lobby: Lobby
    game: Game
    bob: Screen
    carol: Screen
    dave: Screen

    def right(self) -> str:
        return self.house.answers(self.game.id)[self.bob.question]

    def wrong(self) -> str:
        return next(option for option in self.bob.options() if option != self.right())


def test_a_host_and_three_players_play_a_whole_game(people: Crowd, house: House) -> None:
    lobby = open_lobby(people.organiser("Alice"), intermission="host", questionCount=2)
    game = lobby.game()
    bob = join_by_typing_the_pin(people.new("Bob", PHONE), game.pin)
    carol = join(people.new("Carol"), game)
    dave = join_by_keyboard(people.new("Dave"), game.pin)
    lobby.shows_players("Bob", "Carol", "Dave")
    reload(carol).is_in("lobby")
    lobby.shows_players("Bob", "Carol", "Dave")
    table = Table(house, lobby, game, bob, carol, dave)
    lobby.start(countdown=True)
    play_the_first_question(table)
    look_at_the_reveal(table)
    play_the_last_question(table)
    look_at_the_end(table)


def play_the_first_question(table: Table) -> None:
    """Bob and Carol are right, Dave is wrong. Carol reloads before and after her answer."""
    for screen in (table.bob, table.carol, table.dave):
        screen.is_at_question(1)
    right, wrong, before = table.right(), table.wrong(), table.carol.seconds_left
    reload(table.carol).is_at_question(1)
    table.carol.answer(right)
    reload(table.carol).has_chosen(right)
    expect(table.carol.tiles.first).to_be_disabled()
    assert before - 20 < table.carol.seconds_left <= before
    table.dave.page.keyboard.press(str(table.dave.options().index(wrong) + 1))
    table.dave.has_chosen(wrong)
    table.bob.answer(right)


def look_at_the_reveal(table: Table) -> None:
    for screen in (table.lobby, table.bob, table.carol, table.dave):
        screen.is_at_reveal(1)
    expect(table.bob.verdict).to_contain_text("Right!")
    expect(table.dave.verdict).to_contain_text("Not this time")
    verdict = table.carol.verdict.inner_text()
    reload(table.carol).is_at_reveal(1)
    expect(table.carol.verdict).to_have_text(verdict, use_inner_text=True)


def play_the_last_question(table: Table) -> None:
    """Carol is right, Bob is wrong, and so Carol wins. Dave goes to an answer with Tab."""
    table.lobby.person.button("Next").click()
    for screen in (table.bob, table.carol, table.dave):
        screen.is_at_question(2)
    right, wrong = table.right(), table.wrong()
    table.bob.answer(wrong)
    table.carol.answer(right)
    tab_to(table.dave.person, "tile")
    table.dave.page.keyboard.press("Enter")
    table.lobby.is_at_reveal(2)
    table.lobby.person.button("Next").click()


def look_at_the_end(table: Table) -> None:
    for screen in (table.lobby, table.bob, table.carol, table.dave):
        screen.is_in("over")
    kept = table.house.board(table.game.id)
    assert kept[0].name == "Carol"
    table.lobby.person.reads("Carol wins")
    table.carol.person.reads("You won!")
    reload(table.carol).person.reads("Question by question")
    assert results_board(table.carol.person) == kept


def test_six_browsers_and_five_bots_end_with_the_same_board_everywhere(people: Crowd, house: House) -> None:
    alice = people.organiser("Alice", PROJECTOR)
    lobby = open_lobby(alice, questionCount=3)
    game = lobby.game()
    with house.bots(game.pin, 5):
        devices = {"Bob": PHONE, "Carol": LAPTOP, "Dave": PHONE, "Erin": LAPTOP, "Frank": PHONE}
        screens = [join(people.new(name, device), game) for name, device in devices.items()]
        expect(lobby.players).to_have_count(10)
        lobby.start()
        for number in (1, 2, 3):
            for place, screen in enumerate(screens):
                screen.is_at_question(number)
                screen.answer(screen.options()[(place + number) % 4])
            lobby.is_in("reveal")
        boards = [screen.final_board() for screen in (lobby, *screens)]
    kept = house.board(game.id)
    assert len(kept) == 10
    assert boards == [kept] * 6
    for screen in (lobby, *screens):
        screen.person.link("All results").click()
        screen.person.reads("Board")
        assert results_board(screen.person) == kept


def join_by_typing_the_pin(person: Person, pin: str) -> Screen:
    person.open("/")
    person.page.get_by_label("Game PIN").fill(f"{pin[:3]} {pin[3:]}")
    person.button("Join").tap()
    give_name(person, person.name)
    return in_game(person)


def join_by_keyboard(person: Person, pin: str) -> Screen:
    """The PIN's field has the focus already; the name's is reached by Tab."""
    person.open("/")
    expect(person.page.get_by_label("Game PIN")).to_be_focused()
    person.page.keyboard.type(pin)
    person.page.keyboard.press("Enter")
    person.page.wait_for_url(f"**/join/{pin}")
    tab_to(person, "id_name")
    person.page.keyboard.type(person.name)
    person.page.keyboard.press("Enter")
    return in_game(person)


def tab_to(person: Person, wanted: str) -> None:
    """Press Tab until an element with this id or class has the focus."""
    for _ in range(15):
        person.page.keyboard.press("Tab")
        if person.page.evaluate("([...document.activeElement.classList, document.activeElement.id])").count(wanted):
            return
    raise AssertionError(f"Tab does not lead to {wanted}")


def reload(screen: Screen) -> Screen:
    screen.page.reload()
    return screen
