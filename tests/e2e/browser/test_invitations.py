"""From the address that an organiser pastes to the answer that the invited person gives."""

import email
import email.policy
import re
import time
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

from playwright.sync_api import expect

from .accessibility import Audit
from .contests import AttemptScreen, lobby_path, set_up
from .house import House
from .people import LAPTOP, PHONE, Crowd, Person
from .screens import Screen, in_game

PATIENCE_S = 20.0


def mail_to(house: House, address: str, subject: str = "") -> EmailMessage:
    """The newest mail for an address that the worker has kept, with this in its subject; waits for it."""
    until = time.monotonic() + PATIENCE_S
    while not (found := [mail for mail in kept_mails(house) if mail["To"] == address and subject in mail["Subject"]]):
        assert time.monotonic() < until, f"no mail came for {address}"
        time.sleep(0.1)
    return found[-1]


def kept_mails(house: House) -> list[EmailMessage]:
    folder = house.installation.environment.data_dir / "mails"
    return [read(path) for path in sorted(folder.glob("*.eml"))]


def read(path: Path) -> EmailMessage:
    message = email.message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def link_in(mail: EmailMessage) -> str:
    """The path of the invitation."""
    part = mail.get_body(("plain",))
    assert part is not None
    [path] = set(re.findall(r"https?://[^/\s]+(/invitation/[\w-]+)", part.get_content()))
    return str(path)


def invite(organiser: Person, contest: str, pasted: str, message: str = "") -> None:
    """Paste, look over, send."""
    organiser.open(f"/dashboard/contest/{contest}/invitations")
    organiser.page.get_by_label("E-mail addresses").fill(pasted)
    organiser.button("Check the addresses").click()
    organiser.page.get_by_label("A personal message").fill(message)
    organiser.button(re.compile("^Send ")).click()
    organiser.sees(re.compile("on (its|their) way"))


def row(organiser: Person, address: str) -> str:
    organiser.page.reload()
    return organiser.page.locator(".rows li").filter(has_text=address).inner_text()


def test_an_invited_guest_plays_a_contest_for_invited_people(people: Crowd, house: House) -> None:
    alice, grace = people.organiser("Alice"), people.new("Grace", PHONE)
    contest = set_up(alice, entry="invited")
    address = f"{house.unused('grace')}@example.org"
    alice.open(lobby_path(contest))
    alice.sees("Only people whom you invite by mail can take part.")
    alice.page.locator("main").get_by_role("link", name="Invite by mail").click()
    alice.page.get_by_label("E-mail addresses").fill(f'"Hopper, Grace" <{address}>; nobody@; {address}')
    alice.button("Check the addresses").click()
    alice.reads("Invite 1 person")
    alice.sees("Nothing stands after the @.")
    alice.sees("stands here twice")
    alice.page.get_by_label("A personal message").fill("It will be fun.")
    alice.button("Send 1 invitation").click()
    alice.sees("1 invitation is on its way.")

    link = link_in(mail_to(house, address))
    grace.open(link)
    grace.sees("It will be fun.")
    expect(grace.page.get_by_label("Your name in the contest")).to_have_value("Grace Hopper")
    assert "Opened" in row(alice, address)
    plays(grace, contest)
    assert "as Grace Hopper" in row(alice, address)
    laptop = people.new("Grace again")
    laptop.open(link)
    laptop.link("Go on").click()
    AttemptScreen(laptop).is_at_question(2)


def plays(grace: Person, contest: str) -> None:
    """Accepts, and answers the first question."""
    grace.button("Accept and come in").tap()
    grace.page.wait_for_url(f"**{lobby_path(contest)}")
    grace.button("Start").tap()
    phone = AttemptScreen(grace)
    phone.is_at_question(1)
    phone.tiles.first.tap()
    phone.is_at_question(2)


def test_a_link_that_is_not_whole_says_so(people: Crowd) -> None:
    grace = people.new("Grace", PHONE)
    grace.watch.expect("404")
    grace.open("/invitation/no-such-token")
    grace.reads("This link leads nowhere")


def test_an_account_is_taken_straight_in(people: Crowd, house: House) -> None:
    alice, bob = people.organiser("Alice"), people.organiser("Bob")
    contest = set_up(alice)
    address = f"{bob.name.lower()}@example.org"
    invite(alice, contest, address)
    bob.open(link_in(mail_to(house, address, "invites")))
    bob.page.wait_for_url(f"**{lobby_path(contest)}")
    bob.sees(f"You take part as {bob.name}")
    stranger = people.new("Mallory")
    stranger.open(link_in(mail_to(house, address, "invites")))
    stranger.sees("This invitation was accepted with an account.")


def test_who_is_invited_to_a_live_game_waits_and_is_taken_along(people: Crowd, house: House) -> None:
    alice, ada = people.organiser("Alice"), people.new("Ada", PHONE)
    contest = str(alice.post("/api/contests", {"name": "Friday quiz", "questionCount": 3})["id"])
    address = f"{house.unused('ada')}@example.org"
    invite(alice, contest, f"Ada <{address}>")
    ada.open(link_in(mail_to(house, address)))
    ada.button("Accept and come in").tap()
    ada.sees("this page takes you there")
    alice.open(lobby_path(contest))
    in_game(ada)
    Screen(ada).is_in("lobby")
    expect(alice.page.locator("[data-slot=players]")).to_contain_text("Ada")


def test_an_invitation_can_be_declined(people: Crowd, house: House) -> None:
    alice, ada = people.organiser("Alice"), people.new("Ada", PHONE)
    contest = set_up(alice)
    address = f"{house.unused('ada')}@example.org"
    invite(alice, contest, address)
    ada.open(link_in(mail_to(house, address)))
    ada.button("No, thank you").tap()
    ada.sees("You have declined.")
    assert "Declined" in row(alice, address)


def test_the_pages_pass_axe(people: Crowd, house: House) -> None:
    alice, ada = people.organiser("Alice", replace(LAPTOP, still=True)), people.new("Ada", replace(LAPTOP, still=True))
    audit = Audit()
    contest = set_up(alice)
    path = f"/dashboard/contest/{contest}/invitations"
    alice.open(path)
    audit.look(alice, "invitations, empty")
    alice.page.get_by_label("E-mail addresses").fill("Ada <ada@example.org>\nada@\nada@example.org")
    alice.button("Check the addresses").click()
    audit.look(alice, "the review")
    alice.button("Send 1 invitation").click()
    alice.sees("is on its way")
    audit.look(alice, "invitations")
    ada.open(link_in(mail_to(house, "ada@example.org")))
    audit.look(ada, "an invitation")
    live = str(alice.post("/api/contests", {"name": "Friday quiz", "plannedAt": "2035-01-01T12:00:00Z"})["id"])
    invite(alice, live, "adele@example.org")
    ada.open(link_in(mail_to(house, "adele@example.org")))
    ada.page.get_by_label("Your name in the game").fill("Ada")
    ada.button("Accept and come in").click()
    audit.look(ada, "waiting for a game")
    assert audit.passes()
