"""Contests that are played alone, as people use their pages."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Locator, Page, expect

from .people import Person


def set_up(
    organiser: Person, contest_type: str = "standard", minutes: int = 60, expected: str = "open", **settings: Any
) -> str:
    """A contest that is open from now on, or as `settings` say; returns its id."""
    closes_at = (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat()
    body = {"name": "Spring exam", "contestType": contest_type, "questionCount": 3, "closesAt": closes_at, **settings}
    contest = organiser.post("/api/contests", body)
    assert contest["status"] == expected, contest
    found: str = contest["id"]
    return found


def end(organiser: Person, contest_id: str) -> None:
    """The organiser closes it, on its page."""
    organiser.open(lobby_path(contest_id))
    organiser.page.locator("summary", has_text="Close it now").click()
    organiser.button("Close it for everybody").click()
    organiser.sees("The contest is closed.")


def lobby_path(contest_id: str) -> str:
    return f"/dashboard/contest/{contest_id}/lobby"


class AttemptScreen:
    """An attempt on somebody's page."""

    def __init__(self, person: Person, page: Page | None = None) -> None:
        self.person = person
        self.page = page or person.page
        self.tiles = self.page.locator("button.tile")

    def is_in(self, state: str) -> None:
        """Wait for a state: question, between or finished."""
        expect(self.page.locator("#attempt")).to_have_attribute("data-state", state)

    def is_at_question(self, number: int) -> None:
        self.is_in("question")
        expect(self.page.locator(".game-count")).to_have_text(re.compile(rf"^\s*{number}\b"))

    @property
    def question(self) -> str:
        return self.page.locator("#question-text").inner_text()

    def tile(self, text: str) -> Locator:
        return self.tiles.filter(has=self.page.get_by_text(text, exact=True))

    @property
    def options(self) -> list[str]:
        return self.page.locator(".tile-text").all_inner_texts()

    @property
    def seconds_left(self) -> int:
        return int(self.page.locator(".timer-seconds").inner_text())

    def go_on(self) -> None:
        self.person.button("Next question").click()


class Key:
    """The right answers of a contest, which its organiser knows."""

    def __init__(self, organiser: Person, contest_id: str) -> None:
        rows = organiser.page.evaluate(
            "async (path) => (await fetch(path)).json()", f"/api/contests/{contest_id}/questions"
        )
        self.answers: dict[str, str] = {row["text"]: row["answer"] for row in rows["questions"]}

    def right(self, screen: AttemptScreen) -> str:
        return self.answers[screen.question]

    def wrong(self, screen: AttemptScreen) -> str:
        return next(option for option in screen.options if option != self.right(screen))
