"""How people come in, and what they are told when they cannot."""

import re

import pytest
from playwright.sync_api import expect

from .people import PHONE, Crowd
from .screens import Game, Lobby, give_name, in_game, join, open_lobby


@pytest.fixture
def lobby(people: Crowd) -> Lobby:
    return open_lobby(people.organiser("Alice"))


@pytest.fixture
def game(lobby: Lobby) -> Game:
    return lobby.game()


def test_a_late_player_plays_from_the_next_question_on(people: Crowd, lobby: Lobby, game: Game) -> None:
    bob = join(people.new("Bob"), game)
    lobby.start()
    carol = join(people.new("Carol"), game)
    carol.is_at_question(1)
    expect(carol.status).to_have_text("You play from the next question on")
    expect(carol.tiles.first).to_be_disabled()
    bob.answer(bob.options()[0])
    carol.is_at_question(2)
    carol.answer(carol.options()[0])


def test_a_game_without_late_players_says_that_it_has_started(people: Crowd) -> None:
    lobby = open_lobby(people.organiser("Alice"), lateJoin=False)
    game = lobby.game()
    join(people.new("Bob"), game)
    lobby.start()
    carol = people.new("Carol")
    carol.open(game.join_path)
    give_name(carol, "Carol")
    carol.reads("The game has started without you")


def test_a_wrong_pin_is_said_to_be_wrong_and_can_be_typed_again(people: Crowd, game: Game) -> None:
    bob = people.new("Bob", PHONE)
    bob.watch.expect("404")
    bob.open("/")
    bob.page.get_by_label("Game PIN").fill("100 000")
    bob.button("Join").tap()
    bob.reads("No game has this PIN")
    bob.page.get_by_label("Game PIN").fill(game.pin)
    bob.button("Join").tap()
    give_name(bob, "Bob")
    in_game(bob)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("B" * 25, "A name has 1 to 24 characters"),
        ("B\u200bob", "A name cannot contain invisible or control characters"),
        ("\u202ebob", "A name cannot contain invisible or control characters"),
        ("B\u0301\u0301\u0301ob", "A name cannot pile up marks on one letter"),
        ("...", "A name needs at least one letter or digit"),
    ],
    ids=["too long", "zero width", "right to left override", "piled marks", "no letter"],
)
def test_a_name_that_cannot_be_used_is_refused_with_the_reason(
    people: Crowd, game: Game, name: str, reason: str
) -> None:
    bob = people.new("Bob")
    bob.watch.expect("400")
    bob.open(game.join_path)
    give_name(bob, name)
    bob.sees(re.compile(reason))
    give_name(bob, "Bob")
    in_game(bob)


def test_two_players_of_one_name_are_told_apart(people: Crowd, lobby: Lobby, game: Game) -> None:
    join(people.new("Bob"), game)
    second = join(people.new("Bobby"), game, "BOB")
    lobby.shows_players("Bob", "BOB 2")
    second.person.reads("BOB 2")


def test_a_full_game_says_so_and_has_a_seat_again_when_somebody_leaves(people: Crowd) -> None:
    lobby = open_lobby(people.organiser("Alice"), maxPlayers=1)
    game = lobby.game()
    bob = join(people.new("Bob"), game)
    carol = people.new("Carol")
    carol.open(game.join_path)
    give_name(carol, "Carol")
    carol.reads("All seats are taken")
    bob.person.button("Leave the game").click()
    bob.person.button(re.compile("^Leave$")).click()
    bob.person.reads("You have left the game")
    carol.button("Try again").click()
    in_game(carol)
    lobby.shows_players("Carol")


def test_a_second_tab_takes_over_and_the_first_says_so(people: Crowd, lobby: Lobby, game: Game) -> None:
    bob = join(people.new("Bob"), game)
    tab = bob.person.context.new_page()
    tab.goto(bob.person.house.url + game.game_path)
    bob.person.reads("You are playing somewhere else")
    lobby.shows_players("Bob")
    bob.person.button("Play here instead").click()
    bob.is_in("lobby")
    expect(tab.get_by_role("heading", name="You are playing somewhere else")).to_be_visible()
    lobby.shows_players("Bob")


def test_only_accounts_are_let_in_where_the_host_wants_that(people: Crowd) -> None:
    lobby = open_lobby(people.organiser("Alice"), access="accounts")
    game = lobby.game()
    bob = people.new("Bob")
    bob.open(game.join_path)
    bob.sees("The host lets only people with an account in")
    bob.page.locator("main").get_by_role("link", name="Sign up").click()
    name = bob.house.unused("Bob")
    bob.page.get_by_label("Username").fill(name)
    bob.page.get_by_label("Email").fill(f"{name}@example.org")
    bob.page.get_by_label("Password").fill("correct horse 42!")
    bob.button("Sign up").click()
    bob.button("Join the game").click()
    in_game(bob)
    lobby.shows_players(name)


def test_a_link_leads_the_host_to_the_lobby(people: Crowd, lobby: Lobby, game: Game) -> None:
    alice = lobby.person
    alice.open(game.join_path)
    alice.link("To your lobby").click()
    alice.sees("You can start when the first player is here.")


def test_a_guest_who_enters_the_pin_again_has_the_same_seat(people: Crowd, lobby: Lobby, game: Game) -> None:
    bob = join(people.new("Bob"), game)
    bob.person.open(game.join_path)
    bob.person.button("Join the game").click()
    in_game(bob.person)
    lobby.shows_players("Bob")


def test_a_game_of_strangers_is_not_shown(people: Crowd, game: Game) -> None:
    charlie = people.new("Charlie")
    charlie.watch.expect("404")
    charlie.open(game.results_path)
    charlie.reads("There is nothing here")
    charlie.open(game.game_path)
    charlie.page.wait_for_url(f"**{game.join_path}")


def test_who_logs_out_is_out_of_the_game(people: Crowd, lobby: Lobby, game: Game) -> None:
    bob = people.organiser("Bob")
    bob.open(game.join_path)
    bob.button("Join the game").click()
    in_game(bob)
    tab = bob.context.new_page()
    tab.goto(f"{bob.house.url}/accounts/logout/")
    tab.get_by_role("button", name="Log out").click()
    bob.watch.expect("401", "403")
    bob.page.wait_for_url(f"**{game.join_path}")
    bob.page.get_by_label("Your name in the game").wait_for()


def test_a_host_who_logs_out_is_asked_to_log_in(people: Crowd, lobby: Lobby) -> None:
    alice = lobby.person
    alice.sees("You can start when the first player is here.")
    tab = alice.context.new_page()
    tab.goto(f"{alice.house.url}/accounts/logout/")
    tab.get_by_role("button", name="Log out").click()
    alice.watch.expect("401")
    alice.reads("Welcome back")
