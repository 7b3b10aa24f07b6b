"""On a phone in the local network: plain HTTP, which browsers do not count as secure."""

from playwright.sync_api import expect

from .people import PHONE, Crowd
from .screens import join, open_lobby


def test_the_link_is_copied_where_browsers_keep_the_clipboard_from_pages(people: Crowd) -> None:
    alice = people.organiser("Alice")
    lobby = open_lobby(alice)
    assert alice.page.evaluate("isSecureContext") is False
    assert alice.page.evaluate("navigator.clipboard === undefined") is True
    alice.button("Copy the link").click()
    alice.button("Link copied").click()
    expect(alice.page.locator(":focus")).to_have_text("Link copied")
    bob = people.new("Bob")
    bob.open("/accounts/signup/")
    bob.page.get_by_label("Email").press("Control+V")
    expect(bob.page.get_by_label("Email")).to_have_value(alice.house.url + lobby.game().join_path)
    alice.button("Copy the link").wait_for()


def test_a_phone_plays_without_what_browsers_keep_for_secure_pages(people: Crowd) -> None:
    lobby = open_lobby(people.organiser("Alice"), questionCount=1)
    bob = join(people.new("Bob", PHONE), lobby.game())
    assert bob.page.evaluate("isSecureContext") is False
    assert bob.page.evaluate("crypto.randomUUID === undefined") is True
    lobby.start()
    bob.answer(bob.options()[0])
    bob.is_in("over")


def test_the_documentation_of_the_api_is_there(people: Crowd) -> None:
    bob = people.new("Bob")
    bob.open("/api/docs")
    bob.sees("Set up a contest")
