"""Mails that organisers cause, before they go into the outbox: what they have in common."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NotRequired, TypedDict

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from momentum.web.accounts.models import User
from momentum.web.mail import design, languages, outbox, recipients
from momentum.web.mail.compose import CalendarPart
from momentum.web.mail.content import Content, Link
from momentum.web.mail.models import Category, Mail, Priority

NO_TOKEN = "..."


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """Who gets a mail. `language`: counts where its reader has never chosen one."""

    address: str
    name: str = ""
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """`content` and `calendar` are called in the reader's language. `organiser`: who gave us the address."""

    kind: str
    category: Category
    organiser: str
    content: Callable[[Addressee], Content]
    calendar: Callable[[Addressee], CalendarPart | None] = lambda to: None


class Sending(TypedDict):
    """`asked_by`: whose allowance the mail counts against. `kept_until`: until when its row must be there."""

    asked_by: User | None
    site_url: str
    kept_until: NotRequired[datetime | None]


@dataclass(frozen=True)
class Preview:
    subject: str
    text: str
    html: str


def post(
    draft: Draft, to: Addressee, *, asked_by: User | None, site_url: str, kept_until: datetime | None = None
) -> Mail:
    """Into the outbox, whether or not it is wanted. Raises BadAddress."""
    reader = recipients.recipient(to.address)
    with translation.override(languages.of_mail(reader, to.language)):
        content = _with_footer(draft, to, site_url, reader.token)
        return outbox.post(
            draft.kind,
            to.address,
            content.subject,
            design.text(content),
            html=design.html(content),
            headers=_unsubscribe_headers(site_url, reader.token, draft.category),
            calendar=draft.calendar(to),
            priority=Priority.ORGANISER,
            asked_by=asked_by,
            kept_until=kept_until,
        )


def preview(draft: Draft, to: Addressee, *, site_url: str) -> Preview:
    """As this reader would see it, in the language that the sender suggests: what readers chose is theirs to know."""
    with translation.override(languages.supported(to.language)):
        content = _with_footer(draft, to, site_url, NO_TOKEN)
        return Preview(content.subject, design.text(content), design.html(content))


def _with_footer(draft: Draft, to: Addressee, site_url: str, token: str) -> Content:
    """Why the mail came, and how to get no more of them."""
    if draft.category is Category.INVITATIONS:
        reason = _("You get this mail because %(organiser)s gave your address to Momentum at %(site)s.")
    else:
        reason = _("You get this mail because you are invited to a contest by %(organiser)s at %(site)s, or take part.")
    preferences_url = site_url + reverse("mail_preferences", args=[token])
    return replace(
        draft.content(to),
        reason=reason % {"organiser": draft.organiser, "site": site_url},
        preferences=Link(_("Choose which mails you get, or none"), preferences_url),
    )


def _unsubscribe_headers(site_url: str, token: str, category: Category) -> dict[str, str]:
    """One click in the mail program (RFC 8058)."""
    url = site_url + reverse("mail_unsubscribe", args=[token, category.value])
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
