"""An organiser gives a script a key and a server a webhook."""

import re
import time
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from .accessibility import Audit
from .house import House
from .people import LAPTOP, PHONE, Crowd, Device, Person
from .test_fit import overflows

PATIENCE_S = 20.0
DEVICES = {"phone": replace(PHONE, still=True), "laptop": replace(LAPTOP, still=True)}


def reload_until(person: Person, text: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while not person.page.get_by_text(text).count():
        assert time.monotonic() < until, text
        person.page.wait_for_timeout(200)
        person.page.reload()


@pytest.mark.parametrize("device", DEVICES.values(), ids=DEVICES)
def test_a_key_is_made_shown_once_and_revoked(people: Crowd, house: House, device: Device) -> None:
    audit = Audit()
    alice = people.organiser("Alice", device)
    alice.watch.expect("401")
    alice.open("/accounts/keys")
    alice.page.get_by_role("textbox", name="Name").fill("Nightly results")
    alice.page.get_by_label(re.compile("Read your contests")).check()
    alice.button("Make the key").click()
    token = alice.page.locator("code.secret").inner_text()
    assert re.fullmatch(r"mk_[\w-]{43}", token)
    assert overflows(alice) == []
    audit.look(alice, "a new key")
    fetch = "token => fetch('/api/contests', {headers: {Authorization: `Bearer ${token}`}}).then(one => one.status)"
    assert alice.page.evaluate(fetch, token) == 200
    alice.open("/accounts/keys")
    expect(alice.page.locator("code.secret")).to_have_count(0)
    alice.button(re.compile("Revoke")).click()
    alice.sees("opens nothing any more")
    assert alice.page.evaluate(fetch, token) == 401
    audit.look(alice, "a revoked key")
    assert audit.passes()


@pytest.mark.parametrize("device", DEVICES.values(), ids=DEVICES)
def test_a_webhook_is_made_and_tried(people: Crowd, house: House, device: Device) -> None:
    audit = Audit()
    alice = people.organiser("Alice", device)
    alice.open("/accounts/webhooks")
    url = f"http://127.0.0.1:{house.installation.environment.web_port}/no-such-hook"
    alice.page.get_by_label("Address").fill(url)
    alice.page.get_by_label("A game is over").check()
    alice.button("Make the webhook").click()
    assert alice.page.locator("code.secret").inner_text().startswith("whsec_")
    assert overflows(alice) == []
    audit.look(alice, "a new webhook")
    alice.link(url).click()
    alice.button("Send a test").click()
    alice.sees("A test is on its way")

    reload_until(alice, "The server answered 404")
    assert overflows(alice) == []
    audit.look(alice, "a webhook that fails")
    alice.button("Pause").click()
    alice.sees("Paused by you")
    audit.look(alice, "a paused webhook")
    alice.button("Delete").click()
    alice.sees("The webhook is deleted")
    assert audit.passes()
