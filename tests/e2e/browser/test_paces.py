"""The two paces, and when a result is shown, as players see them."""

from playwright.sync_api import expect

from .house import House
from .people import PHONE, Crowd
from .screens import Screen, join, open_lobby


def wrong(house: House, game_id: str, screen: Screen) -> str:
    return next(option for option in screen.options() if option != house.answers(game_id)[screen.question])


def test_in_a_race_the_first_right_answer_ends_the_question(people: Crowd, house: House) -> None:
    lobby = open_lobby(people.organiser("Alice"), pace="race", questionCount=1, intermission="host")
    game = lobby.game()
    bob, carol, dave = (join(people.new(name, PHONE), game) for name in ("Bob", "Carol", "Dave"))
    lobby.start()
    bob.is_at_question(1)
    bob.tile(wrong(house, game.id, bob)).tap()
    expect(bob.status).to_have_text("That was not it. The others are still thinking.")
    carol.answer(house.answers(game.id)[carol.question])
    for screen, headline in ((bob, "Not this time"), (carol, "Right!"), (dave, "No answer from you")):
        expect(screen.verdict).to_contain_text(headline)
        expect(screen.verdict).to_contain_text("Carol was first")


def test_a_result_is_told_at_once_where_the_host_wants_that(people: Crowd, house: House) -> None:
    lobby = open_lobby(people.organiser("Alice"), reveal="immediate", questionCount=1)
    game = lobby.game()
    bob, carol = join(people.new("Bob"), game), join(people.new("Carol"), game)
    lobby.start()
    bob.is_at_question(1)
    bob.tile(house.answers(game.id)[bob.question]).click()
    expect(bob.status).to_have_text("That is right")
    carol.is_at_question(1)
    carol.answer(carol.options()[0])
    bob.is_in("over")


def test_a_question_that_nobody_answers_closes_by_itself(people: Crowd, house: House) -> None:
    lobby = open_lobby(people.organiser("Alice"), questionTimer=5, questionCount=1)
    game = lobby.game()
    bob = join(people.new("Bob"), game)
    lobby.start()
    bob.is_in("reveal")
    expect(bob.verdict).to_contain_text("No answer from you")
    assert [(row.name, row.score) for row in bob.final_board()] == [("Bob", 0)]
    assert house.board(game.id) == bob.final_board()
