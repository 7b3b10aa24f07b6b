"""Bring the translation catalogues of mails in line with the code: new texts are added, those that are gone go.

A test keeps them current, and whole: it makes them again and compares.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from momentum.web.mail.catalogues import LANGUAGES, path

WEB = Path(__file__).resolve().parent.parent / "src" / "momentum" / "web"
SOURCES = (
    "accounts/allauth_mails.py",
    "mail/contest_texts.py",
    "mail/drafts.py",
    "mail/events.py",
    "mail/forms.py",
    "mail/messages.py",
    "mail/models.py",
    "mail/moments.py",
    "mail/notices.py",
    "mail/preference_views.py",
    "mail/templates/mail/design.html",
    "mail/templates/mail/preferences.html",
    "mail/templates/mail/unsubscribe.html",
    "site/templates/base.html",
    "site/templates/site/field.html",
    "site/templates/site/wordmark.html",
)
"""What recipients read: their mails, and the pages that the links at the end of these lead to."""
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}


def current(language: str) -> bytes:
    """The catalogue as the code wants it, with the translations that there are."""
    with path(language).open("rb") as file:
        catalogue = read_po(file, locale=language)
    wanted = Catalog(creation_date=catalogue.creation_date)
    for source in SOURCES:
        for message, comments, context in _messages(WEB / source):
            wanted.add(message, locations=[(source, 0)], auto_comments=comments, context=context)
    catalogue.update(wanted, no_fuzzy_matching=True, update_creation_date=False)
    written = BytesIO()
    write_po(written, catalogue, width=110, ignore_obsolete=True, include_lineno=False, sort_by_file=True)
    return written.getvalue()


def _messages(source: Path) -> Iterator[tuple[str | tuple[str, ...], list[str], str | None]]:
    text = source.read_text()
    if source.suffix == ".html":
        text = templatize(text, origin=str(source))
    for _line, message, comments, context in extract("python", BytesIO(text.encode()), KEYWORDS, ["Translators:"]):
        yield message, comments, context


if __name__ == "__main__":
    for language in LANGUAGES:
        path(language).write_bytes(current(language))
