"""From a game's end to results, files, a link, leaderboards and profiles: axe clean, and nothing wider than a phone."""

import time
from dataclasses import replace
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import expect

from .accessibility import Audit
from .house import House
from .people import LAPTOP, PATIENCE_MS, PHONE, Crowd, Person
from .screens import Game, Lobby, Screen, in_game, join, open_lobby
from .test_fit import LONG_NAMES, overflows

CALM_LAPTOP = replace(LAPTOP, still=True)
CALM_PHONE = replace(PHONE, still=True)
COUNTED_WITHIN_S = 60


def test_a_game_leaves_results_files_and_a_link(people: Crowd, house: House) -> None:
    audit = Audit()
    lobby = open_lobby(people.organiser("Alice", CALM_LAPTOP), questionCount=1)
    bob, carol = (people.organiser(name, CALM_PHONE) for name in ("Bob", "Carol"))
    game = play(lobby, house, bob, carol, people.new("Guest", CALM_PHONE))
    results_of_a_player(audit, bob, game)
    link = results_of_the_organiser(audit, lobby.person, game)
    shared_results(audit, people.new("Dave", CALM_PHONE), link)
    assert audit.passes()


def test_a_game_counts_on_leaderboards_and_profiles(people: Crowd, house: House) -> None:
    audit = Audit()
    lobby = open_lobby(people.organiser("Alice", CALM_LAPTOP), questionCount=1)
    bob, carol = (people.organiser(name, CALM_PHONE) for name in ("Bob", "Carol"))
    game = play(lobby, house, bob, carol, people.new("Guest", CALM_PHONE))
    boards(audit, lobby.person, bob, game)
    profiles(audit, bob, carol)
    assert audit.passes()


def test_pages_of_a_player_who_has_played_nothing(people: Crowd, house: House) -> None:
    audit = Audit()
    empty_pages(audit, people.organiser("Bob", CALM_PHONE))
    assert audit.passes()


def empty_pages(audit: Audit, bob: Person) -> None:
    bob.open("/profile/")
    look(audit, bob, "profile, nothing played")
    bob.open("/leaderboards/")
    look(audit, bob, "leaderboard, not on it")
    bob.open("/ratings/")
    look(audit, bob, "how ratings work")


def play(lobby: Lobby, house: House, bob: Person, carol: Person, guest: Person) -> Game:
    """Bob is right, the others are wrong; one of them has a long name."""
    game = lobby.game()
    screens: list[Screen] = []
    for person in (bob, carol):
        person.open(game.join_path)
        person.button("Join the game").click()
        screens.append(in_game(person))
    screens.append(join(guest, game, LONG_NAMES[0]))
    lobby.start()
    right = house.answers(game.id)[screens[0].question]
    screens[0].answer(right)
    for screen in screens[1:]:
        screen.answer(next(option for option in screen.options() if option != right))
    for screen in (lobby, *screens):
        screen.is_in("over")
    return game


def results_of_a_player(audit: Audit, bob: Person, game: Game) -> None:
    bob.open(game.results_path)
    look(audit, bob, "results of a player")
    bob.link("Your answers").click()
    bob.reads("Your answers")
    look(audit, bob, "answers of a player")


def results_of_the_organiser(audit: Audit, alice: Person, game: Game) -> str:
    """The files open and say what the page says. Returns the read-only link."""
    alice.open(game.results_path)
    look(audit, alice, "results of the organiser")
    board = alice.page.locator("#board tbody bdi").all_inner_texts()
    book = load_workbook(saved(alice, "XLSX"))
    assert [row[1] for row in book["Board"].iter_rows(min_row=2, values_only=True)] == board
    csv = saved(alice, "Board (CSV)").read_text(encoding="utf-8-sig")
    assert all(name in csv for name in board)
    alice.button("Make a link").click()
    alice.reads("Copy the link now")
    look(audit, alice, "the link, once")
    return alice.page.get_by_label("Read-only link").input_value()


def shared_results(audit: Audit, dave: Person, link: str) -> None:
    dave.open(link[link.index("/shared/") :])
    dave.reads("Question by question")
    expect(dave.page.get_by_text("Take the results along")).to_have_count(0)
    look(audit, dave, "results behind the link")


def boards(audit: Audit, alice: Person, bob: Person, game: Game) -> None:
    alice.open(game.results_path)
    alice.link("Leaderboard of this contest").click()
    until_counted(alice)
    look(audit, alice, "leaderboard of a contest")
    bob.open("/leaderboards/")
    bob.page.locator(".rows a").first.click()
    bob.reads("Contests of")
    bob.page.get_by_label("When", exact=True).select_option(label="This month")
    bob.page.get_by_label("What", exact=True).select_option(label="Quick fire")
    bob.button("Show").click()
    expect(bob.page.locator("tr.own")).to_contain_text(bob.name)
    look(audit, bob, "leaderboard of an organiser")


def profiles(audit: Audit, bob: Person, carol: Person) -> None:
    bob.open("/profile/")
    look(audit, bob, "profile")
    bob.button("Share my profile").click()
    bob.reads("Your profile is shared")
    carol.open("/leaderboards/")
    carol.link(bob.name).click()
    carol.reads(bob.name)
    expect(carol.page.get_by_text("What you played")).to_have_count(0)
    look(audit, carol, "somebody's profile")


def until_counted(person: Person) -> None:
    """Wait for the worker."""
    until = time.monotonic() + COUNTED_WITHIN_S
    while person.page.locator("tbody tr").count() == 0:
        assert time.monotonic() < until, "the game was never counted"
        person.page.wait_for_timeout(500)
        person.page.reload()


def saved(person: Person, link: str) -> Path:
    with person.page.expect_download(timeout=PATIENCE_MS) as download:
        person.page.get_by_role("link", name=link, exact=True).click()
    target = person.house.installation.environment.data_dir / download.value.suggested_filename
    download.value.save_as(target)
    return target


def look(audit: Audit, person: Person, what: str) -> None:
    """axe, and whether anything is wider than a phone."""
    audit.look(person, what)
    person.page.set_viewport_size(PHONE.size)
    assert overflows(person) == [], what
