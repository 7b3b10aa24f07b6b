"""Processes are killed in the middle of a game: players read a calm word, and then the game goes on."""

import os
import signal

from playwright.sync_api import expect

from .house import House
from .people import PHONE, Crowd
from .screens import join, open_lobby, results_board

LOST_SOCKET = "WebSocket connection to"
LOST = "Connection lost. Bringing you back"


def test_when_realtime_dies_players_come_back_and_an_answer_that_died_with_it_is_sent_again(
    people: Crowd, house: House
) -> None:
    alice = people.organiser("Alice")
    lobby = open_lobby(alice, questionCount=1)
    game = lobby.game()
    bob, carol = join(people.new("Bob", PHONE), game), join(people.new("Carol"), game)
    lobby.start()
    for screen in (bob, carol):
        screen.is_at_question(1)
        screen.person.watch.expect(LOST_SOCKET)
    alice.watch.expect(LOST_SOCKET)
    option = house.answers(game.id)[bob.question]
    before = carol.seconds_left

    os.kill(house.installation.pids()["realtime"], signal.SIGSTOP)
    bob.tile(option).tap()
    expect(bob.status).to_have_text("Sending your answer")
    house.installation.kill("realtime")
    for screen in (lobby, bob, carol):
        expect(screen.banner).to_have_text(LOST)

    bob.has_chosen(option)
    for screen in (lobby, bob, carol):
        expect(screen.banner).to_have_text("")
        screen.is_at_question(1)
    assert before - 20 < carol.seconds_left <= before
    carol.answer(carol.options()[0])
    bob.is_in("over")
    points = {row.name: row.score for row in house.board(game.id)}
    assert points["Bob"] > 0
    assert bob.final_board() == lobby.final_board() == house.board(game.id)


def test_when_the_site_dies_the_game_goes_on(people: Crowd, house: House) -> None:
    alice = people.organiser("Alice")
    lobby = open_lobby(alice, questionCount=2)
    game = lobby.game()
    bob = join(people.new("Bob"), game)
    lobby.start()
    bob.is_at_question(1)
    os.kill(house.installation.pids()["web"], signal.SIGSTOP)
    bob.answer(bob.options()[0])
    bob.is_at_question(2)
    house.installation.kill("web")
    bob.answer(bob.options()[1])
    board = bob.final_board()
    house.installation.wait_until(house.installation.is_ready, "the site answers again")
    bob.person.link("All results").click()
    bob.person.reads("Question by question")
    assert results_board(bob.person) == board == house.board(game.id)
