"""The mails about contests: one function each, which sends always. Ask `recipients.wants` first.

Each goes into the outbox in the caller's transaction. `url`: where its button leads. `asked_by`: whose allowance it
counts against. `kept_until`: until when the returned row must be there. All raise BadAddress.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from momentum.web.accounts.models import User
from momentum.web.mail import contest_texts, design, outbox, recipients
from momentum.web.mail.content import Content
from momentum.web.mail.contest_texts import Occasion
from momentum.web.mail.models import Category, Mail, Priority, Recipient

__all__ = ["Addressee", "Occasion", "cancelled", "changed", "invitation", "reminder", "results"]


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """Who gets a mail. `language`: counts where its reader has never chosen one."""

    address: str
    name: str = ""
    language: str = ""


def invitation(
    to: Addressee,
    about: Occasion,
    *,
    url: str,
    message: str = "",
    again: bool = False,
    asked_by: User | None,
    site_url: str,
    kept_until: datetime | None = None,
) -> Mail:
    """`message`: the organiser's own words. `again`: it is not the first one."""
    return _post(
        "invitation", Category.INVITATIONS, to, about,
        lambda: contest_texts.invitation(about, name=to.name, url=url, message=message, again=again),
        asked_by=asked_by, site_url=site_url, kept_until=kept_until,
    )  # fmt: skip


def reminder(
    to: Addressee,
    about: Occasion,
    *,
    url: str,
    hours: int,
    asked_by: User | None,
    site_url: str,
    kept_until: datetime | None = None,
) -> Mail:
    """`hours`: until it begins."""
    return _post(
        "reminder", Category.REMINDERS, to, about,
        lambda: contest_texts.reminder(about, name=to.name, url=url, hours=hours),
        asked_by=asked_by, site_url=site_url, kept_until=kept_until,
    )  # fmt: skip


def changed(
    to: Addressee,
    about: Occasion,
    *,
    url: str,
    asked_by: User | None,
    site_url: str,
    kept_until: datetime | None = None,
) -> Mail:
    """The name or the dates are others; `about.sequence` is higher than in all mails before."""
    return _post(
        "changed", Category.REMINDERS, to, about,
        lambda: contest_texts.changed(about, name=to.name, url=url),
        asked_by=asked_by, site_url=site_url, kept_until=kept_until,
    )  # fmt: skip


def cancelled(
    to: Addressee, about: Occasion, *, asked_by: User | None, site_url: str, kept_until: datetime | None = None
) -> Mail:
    """`about` has the dates that no longer hold; `about.sequence` is higher than in all mails before."""
    return _post(
        "cancelled", Category.REMINDERS, to, about,
        lambda: contest_texts.cancelled(about, name=to.name),
        asked_by=asked_by, site_url=site_url, kept_until=kept_until,
    )  # fmt: skip


def results(
    to: Addressee,
    about: Occasion,
    *,
    url: str,
    asked_by: User | None,
    site_url: str,
    kept_until: datetime | None = None,
) -> Mail:
    return _post(
        "results", Category.RESULTS, to, about,
        lambda: contest_texts.results(about, name=to.name, url=url),
        asked_by=asked_by, site_url=site_url, kept_until=kept_until,
    )  # fmt: skip


def _post(
    kind: str,
    category: Category,
    to: Addressee,
    about: Occasion,
    write: Callable[[], Content],
    *,
    asked_by: User | None,
    site_url: str,
    kept_until: datetime | None,
) -> Mail:
    reader = recipients.recipient(to.address)
    preferences_url = site_url + reverse("mail_preferences", args=[reader.token])
    content = contest_texts.with_footer(write(), about, site_url=site_url, preferences_url=preferences_url)
    return outbox.post(
        kind,
        to.address,
        content.subject,
        design.text(content),
        headers=unsubscribe_headers(reader, category, site_url),
        priority=Priority.ORGANISER,
        asked_by=asked_by,
        kept_until=kept_until,
    )


def unsubscribe_headers(reader: Recipient, category: Category, site_url: str) -> dict[str, str]:
    """One click in the mail program (RFC 8058)."""
    url = site_url + reverse("mail_unsubscribe", args=[reader.token, category.value])
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
