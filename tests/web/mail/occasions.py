"""Contests that mails tell of, and each of these mails."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from momentum.web.mail import contest_mails
from momentum.web.mail.contest_mails import Addressee, Occasion
from momentum.web.mail.drafts import Sending
from momentum.web.mail.models import Mail

SITE = "https://quiz.example.org"
LINK = f"{SITE}/invitation/Zm9v"
OPENS = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
LIVE = Occasion(
    contest_id=UUID(int=7), name="Friday quiz", organiser="Ada", contest_type="quick_fire", opens_at=OPENS,
    closes_at=None, sequence=0, time_zone="Europe/Berlin",
)  # fmt: skip
ALONE = replace(LIVE, contest_type="standard", closes_at=datetime(2026, 12, 4, 17, 0, tzinfo=UTC))
BOB = Addressee(address="bob@example.org", name="Bob")
SENDING: Sending = {"asked_by": None, "site_url": SITE}

KINDS: dict[str, Callable[..., Mail]] = {
    "invitation": lambda to, about, **more: contest_mails.invitation(to, about, url=LINK, **{**SENDING, **more}),
    "reminder": lambda to, about, **more: contest_mails.reminder(to, about, url=LINK, hours=24, **{**SENDING, **more}),
    "changed": lambda to, about, **more: contest_mails.changed(to, about, url=LINK, **{**SENDING, **more}),
    "cancelled": lambda to, about, **more: contest_mails.cancelled(to, about, **{**SENDING, **more}),
    "results": lambda to, about, **more: contest_mails.results(to, about, url=LINK, **{**SENDING, **more}),
}
CATEGORIES = {
    "invitation": "invitations", "reminder": "reminders", "changed": "reminders", "cancelled": "reminders",
    "results": "results",
}  # fmt: skip


def post(kind: str, to: Addressee = BOB, about: Occasion = LIVE, **more: Any) -> Mail:
    return KINDS[kind](to, about, **more)
