"""The rules of names, told in the reader's language. The rules themselves speak English: they know no framework."""

from django.utils.translation import gettext, gettext_noop

from momentum.game import names

SENTENCES = (
    gettext_noop("A name cannot contain invisible or control characters. Type it anew with ordinary letters."),
    gettext_noop("A name cannot pile up marks on one letter. Use at most two per letter."),
    gettext_noop("A name has 1 to 24 characters. Choose another one."),
    gettext_noop("A name needs at least one letter or digit."),
)
"""What `names.clean` says, for translators to find."""


def clean(name: str) -> str:
    """See `names.clean`. Raises NameRefused, translated."""
    try:
        return names.clean(name)
    except names.NameRefused as refused:
        raise names.NameRefused(gettext(str(refused))) from refused
