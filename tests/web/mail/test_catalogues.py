"""Every text that recipients read is translated, and its places are filled as in English."""

import re
from collections.abc import Iterator
from itertools import chain

import catalogues as script
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.utils import translation

from momentum.web.mail import catalogues

PLACES = re.compile(r"%\(\w+\)[sd]|%[sd]")


def messages(language: str) -> Iterator[Message]:
    with catalogues.path(language).open("rb") as file:
        catalogue: Catalog = read_po(file, locale=language)
    yield from (message for message in catalogue if message.id)


def forms(words: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_the_catalogue_is_what_make_catalogues_writes(language: str) -> None:
    assert catalogues.path(language).read_bytes() == script.current(language), "run make catalogues"


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_every_text_is_translated_with_the_same_places(language: str) -> None:
    found = list(messages(language))
    assert len(found) > 80
    for message in found:
        assert message.string and all(forms(message.string)), message.id
        assert not message.fuzzy
        for form in forms(message.string):
            wanted = [set(PLACES.findall(each)) for each in forms(message.id)]
            assert set(PLACES.findall(form)) in wanted, message.id


def test_translations_count_in_their_language_only() -> None:
    with translation.override("de"):
        assert translation.gettext("Open the invitation") == "Einladung öffnen"
        assert translation.ngettext("“%(contest)s” begins in an hour", "“%(contest)s” begins in %(n)d hours", 3) == (
            "„%(contest)s“ beginnt in %(n)d Stunden"
        )
    assert translation.gettext("Open the invitation") == "Open the invitation"


def test_no_source_is_forgotten() -> None:
    """What goes into mails stands in modules that the catalogue is made of."""
    sources = set(script.SOURCES)
    mail = script.WEB / "mail"
    pages_of_operators = {"figures.py", "views.py"}
    calls_for_programs = {"api.py", "schemas.py", "verdicts.py", "allowance.py"}
    translated = {
        path.name for path in chain(mail.glob("*.py")) if "utils.translation import gettext" in path.read_text()
    }
    assert translated - pages_of_operators - calls_for_programs <= {source.split("/")[-1] for source in sources}
