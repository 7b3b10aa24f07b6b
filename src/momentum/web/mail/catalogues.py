"""Translations, read from the .po files when a process starts: nothing has to be compiled, built or packed.

`make catalogues` brings the files in line with the code; people write the translations into them.
"""

from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils.translation import trans_real

FOLDER = Path(__file__).parent / "locale"
LANGUAGES = ("de",)


def path(language: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / "django.po"


def install() -> None:
    """Add our translations to those that Django and its libraries bring along."""
    for language in LANGUAGES:
        trans_real.translation(language).merge(_read(language))


def _read(language: str) -> GNUTranslations:
    compiled = BytesIO()
    with path(language).open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)
