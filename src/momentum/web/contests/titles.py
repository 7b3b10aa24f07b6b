"""What a contest may be called."""

import unicodedata

from django.utils.translation import gettext as _

from momentum.game.settings import MAX_NAME
from momentum.web.refusals import Refusal


class TitleRefused(Refusal, ValueError):
    """The name cannot be used."""

    error = "name_refused"
    status = 422


def clean(title: str) -> str:
    """The name as it is shown: NFC, spaces single. Raises TitleRefused with a sentence that says what to do."""
    shown = unicodedata.normalize("NFC", " ".join(title.split()))
    if not shown.isprintable():
        raise TitleRefused(_("The name has invisible characters in it. Type it anew."))
    if not 1 <= len(shown) <= MAX_NAME:
        raise TitleRefused(_("A name has 1 to %(most)d characters.") % {"most": MAX_NAME})
    return shown
