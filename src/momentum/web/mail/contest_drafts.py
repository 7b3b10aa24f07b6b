"""The drafts of the mails about contests. Pure."""

from momentum.web.mail import contest_texts, events
from momentum.web.mail.contest_texts import Occasion
from momentum.web.mail.drafts import Draft
from momentum.web.mail.models import Category


def invitation(about: Occasion, *, url: str, message: str = "", again: bool = False) -> Draft:
    return Draft(
        kind="invitation",
        category=Category.INVITATIONS,
        organiser=about.organiser,
        content=lambda to: contest_texts.invitation(about, name=to.name, url=url, message=message, again=again),
        calendar=lambda to: events.request(about, address=to.address, name=to.name, url=url),
    )


def reminder(about: Occasion, *, url: str, hours: int) -> Draft:
    return Draft(
        kind="reminder",
        category=Category.REMINDERS,
        organiser=about.organiser,
        content=lambda to: contest_texts.reminder(about, name=to.name, url=url, hours=hours),
    )


def changed(about: Occasion, *, url: str) -> Draft:
    return Draft(
        kind="changed",
        category=Category.REMINDERS,
        organiser=about.organiser,
        content=lambda to: contest_texts.changed(about, name=to.name, url=url),
        calendar=lambda to: events.request(about, address=to.address, name=to.name, url=url),
    )


def cancelled(about: Occasion) -> Draft:
    return Draft(
        kind="cancelled",
        category=Category.REMINDERS,
        organiser=about.organiser,
        content=lambda to: contest_texts.cancelled(about, name=to.name),
        calendar=lambda to: events.cancellation(about, address=to.address, name=to.name),
    )


def results(about: Occasion, *, url: str) -> Draft:
    return Draft(
        kind="results",
        category=Category.RESULTS,
        organiser=about.organiser,
        content=lambda to: contest_texts.results(about, name=to.name, url=url),
    )
