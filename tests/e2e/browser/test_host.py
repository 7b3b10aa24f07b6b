"""What a host can do with a running game, and what the others see of it."""

import re

from playwright.sync_api import expect

from .house import House
from .people import PHONE, Crowd
from .screens import Lobby, give_name, in_game, join, open_lobby, results_board


def test_a_host_who_plays_answers_and_stands_on_the_board(people: Crowd, house: House) -> None:
    alice = people.organiser("Alice")
    lobby = open_lobby(alice, hostPlays=True, questionCount=1)
    game = lobby.game()
    bob = join(people.new("Bob"), game)
    lobby.shows_players(alice.name, "Bob")
    lobby.start()
    bob.answer(next(option for option in bob.options() if option != house.answers(game.id)[bob.question]))
    lobby.answer(house.answers(game.id)[lobby.question])
    alice.reads("You won!")
    bob.person.reads("Place 2 of 2")
    alice.link("All results").click()
    assert [row.name for row in results_board(alice)] == [alice.name, "Bob"] == [r.name for r in house.board(game.id)]


def test_a_pause_stops_the_clock_for_everybody_and_lets_nobody_answer(people: Crowd) -> None:
    alice = people.organiser("Alice")
    lobby = open_lobby(alice)
    bob = join(people.new("Bob", PHONE), lobby.game())
    lobby.start()
    bob.is_at_question(1)
    alice.button("Pause").click()
    expect(bob.pause).to_contain_text("The host has paused the game")
    stopped_at = bob.seconds_left
    bob.page.keyboard.press("1")
    bob.page.reload()
    bob.is_at_question(1)
    expect(bob.pause).to_be_visible()
    assert bob.seconds_left == stopped_at
    expect(bob.page.locator("[data-frame=view]")).to_have_attribute("inert", "")
    alice.button("Go on").click()
    expect(bob.pause).to_be_hidden()
    bob.answer(bob.options()[0])


def test_a_skipped_question_gives_no_points(people: Crowd, house: House) -> None:
    alice = people.organiser("Alice")
    lobby = open_lobby(alice, intermission="host")
    game = lobby.game()
    bob, carol = join(people.new("Bob"), game), join(people.new("Carol"), game)
    lobby.start()
    bob.answer(house.answers(game.id)[bob.question])
    alice.button("Skip").click()
    bob.person.reads("No points for this one")
    alice.sees("Press Next when you want to go on")
    carol.person.sees("The host goes on in a moment")
    alice.button("Next").click()
    bob.is_at_question(2)
    expect(bob.page.locator("[data-frame=score]")).to_have_text("0 points")


def test_ending_a_game_asks_first_and_keeps_the_board(people: Crowd, house: House) -> None:
    alice = people.organiser("Alice")
    lobby = open_lobby(alice, questionCount=5)
    game = lobby.game()
    bob = join(people.new("Bob"), game)
    lobby.start()
    bob.answer(house.answers(game.id)[bob.question])
    lobby.is_at_question(2)
    alice.button("End").click()
    alice.button("Play on").click()
    lobby.is_at_question(2)
    alice.button("End").click()
    alice.button("End the game").click()
    bob.is_in("over")
    bob.person.sees("The host has ended the game")
    bob.person.reads("You won!")
    lobby.is_in("over")
    bob.person.link("All results").click()
    assert results_board(bob.person) == house.board(game.id)
    assert house.board(game.id)[0].score > 0


def test_who_was_removed_is_told_and_cannot_come_back(people: Crowd) -> None:
    alice = people.organiser("Alice")
    lobby = open_lobby(alice)
    game = lobby.game()
    bob = join(people.new("Bob"), game)
    join(people.new("Carol"), game)
    lobby.shows_players("Bob", "Carol")
    lobby.remove("Bob")
    lobby.shows_players("Carol")
    bob.person.reads("The host has removed you")
    bob.page.reload()
    bob.person.reads("The host has removed you")
    bob.person.open(game.join_path)
    bob.page.get_by_label("Your name in the game").fill("Robert")
    bob.person.button(re.compile("game$")).click()
    bob.person.reads("The host has removed you")
    lobby.shows_players("Carol")


def test_a_locked_room_tells_newcomers_and_lets_them_in_when_it_is_open_again(people: Crowd) -> None:
    alice = people.organiser("Alice")
    lobby = open_lobby(alice)
    game = lobby.game()
    join(people.new("Bob"), game)
    lobby.shows_players("Bob")
    alice.button("Lock the room").click()
    alice.button("Locked: let people in").wait_for()
    carol = people.new("Carol")
    carol.open(game.join_path)
    give_name(carol, "Carol")
    carol.reads("The room is locked")
    alice.button("Locked: let people in").click()
    alice.button("Lock the room").wait_for()
    carol.button("Try again").click()
    in_game(carol)
    lobby.shows_players("Bob", "Carol")


def test_a_host_who_reloads_has_the_game_back(people: Crowd) -> None:
    alice = people.organiser("Alice")
    lobby = open_lobby(alice, intermission="host", questionCount=1)
    bob = join(people.new("Bob"), lobby.game())
    lobby.start()
    alice.page.reload()
    lobby.is_at_question(1)
    bob.answer(bob.options()[0])
    lobby.is_at_reveal(1)
    alice.page.reload()
    lobby.is_at_reveal(1)
    alice.button("Next").click()
    lobby.is_in("over")
    alice.page.reload()
    alice.reads("This game is over")


def test_the_same_contest_is_played_again_with_another_pin(people: Crowd) -> None:
    alice = people.organiser("Alice")
    lobby = open_lobby(alice, questionCount=1)
    first = lobby.game()
    bob = join(people.new("Bob"), first)
    lobby.start()
    bob.answer(bob.options()[0])
    lobby.is_in("over")
    alice.button("Play again").click()
    alice.sees("You can start when the first player is here.")
    second = Lobby(alice).game()
    assert (second.id, second.pin) != (first.id, first.pin)
    join(bob.person, second, "Bob")
    lobby.shows_players("Bob")
