"""People, each at a device of their own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect

from .house import HOST, House
from .watching import Watch

PATIENCE_MS = 15_000
PASSWORD = "correct horse 42!"
POST = """async ([path, body]) => {
  const token = document.cookie.match(/csrftoken=(\\w+)/)[1];
  const headers = {"Content-Type": "application/json", "X-CSRFToken": token};
  const answer = await fetch(path, {method: "POST", headers, body: JSON.stringify(body)});
  return [answer.status, await answer.json()];
}"""
Scheme = Literal["light", "dark"]


@dataclass(frozen=True)
class Device:
    """A screen of so many CSS pixels; `touch`: held in the hand."""

    width: int
    height: int
    touch: bool = False
    scheme: Scheme = "light"
    still: bool = False
    """Its owner prefers reduced motion."""
    zone: str = ""
    """Its owner's time zone; empty: this machine's."""
    sharpness: int = 1
    """Of its own pixels, so many a side make a CSS pixel."""

    @property
    def size(self) -> ViewportSize:
        return {"width": self.width, "height": self.height}


PHONE = Device(390, 844, touch=True)
LAPTOP = Device(1280, 800)
PROJECTOR = Device(1920, 1080)


class Person:
    """Somebody with a browser of their own, in which nothing may go wrong."""

    def __init__(self, name: str, context: BrowserContext, house: House) -> None:
        self.name = name
        self.context = context
        context.set_default_timeout(PATIENCE_MS)
        self.house = house
        self.watch = Watch(context, HOST)
        self.page: Page = context.new_page()

    def open(self, path: str) -> None:
        self.page.goto(self.house.url + path)

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("button", name=name)

    def link(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("link", name=name)

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Wait until a text can be seen."""
        expect(self.page.get_by_text(text).locator("visible=true").first).to_be_visible()

    def reads(self, headline: str | re.Pattern[str]) -> None:
        """Wait until the page says this in a heading."""
        expect(self.page.get_by_role("heading", name=headline).first).to_be_visible()

    def sign_up(self) -> None:
        """Get an account; ends on the dashboard."""
        self.name = self.house.unused(self.name)
        self.open("/accounts/signup/")
        self.page.get_by_label("Username").fill(self.name)
        self.page.get_by_label("Email").fill(f"{self.name.lower()}@example.org")
        self.page.get_by_label("Password").fill(PASSWORD)
        self.button("Sign up").click()
        self.page.wait_for_url("**/dashboard/")

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Call the site's API from the page that is open."""
        status, answer = self.page.evaluate(POST, [path, body])
        assert status < 300, answer
        found: dict[str, Any] = answer
        return found


class Crowd:
    """The people of one test."""

    def __init__(self, browser: Browser, house: House, pictures: Path) -> None:
        self._browser = browser
        self._house = house
        self._pictures = pictures
        self._everybody: list[Person] = []

    def __iter__(self) -> Iterator[Person]:
        return iter(self._everybody)

    def new(self, name: str, device: Device = LAPTOP) -> Person:
        context = self._browser.new_context(
            viewport=device.size,
            device_scale_factor=device.sharpness,
            is_mobile=device.touch,
            has_touch=device.touch,
            color_scheme=device.scheme,
            timezone_id=device.zone or None,
            reduced_motion="reduce" if device.still else "no-preference",
        )
        self._everybody.append(Person(name, context, self._house))
        return self._everybody[-1]

    def organiser(self, name: str = "Alice", device: Device = LAPTOP) -> Person:
        """Somebody with an account, on the dashboard."""
        person = self.new(name, device)
        person.sign_up()
        return person

    def photograph(self) -> list[Path]:
        """Keep a picture of what everybody sees now."""
        return [_photograph(page, self._pictures / f"{one.name}-{n}.png") for one in self for n, page in _pages(one)]

    def leave(self) -> list[str]:
        """Everybody closes their browser; returns what they had to complain of."""
        for person in self:
            for _, page in _pages(person):
                page.evaluate("null")  # a round trip: what the browser has to say until now is here before its answer
        complaints = [f"{person.name}: {complaint}" for person in self for complaint in person.watch.complaints()]
        for person in self:
            person.context.close()
        return complaints


def _pages(person: Person) -> list[tuple[int, Page]]:
    return [(number, page) for number, page in enumerate(person.context.pages) if not page.is_closed()]


def _photograph(page: Page, path: Path) -> Path:
    page.screenshot(path=path, animations="disabled")
    return path


def in_the_dark(device: Device) -> Device:
    return replace(device, scheme="dark")
