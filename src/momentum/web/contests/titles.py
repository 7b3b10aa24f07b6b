"""What a contest may be called."""

import unicodedata

MAX_LENGTH = 80


class TitleRefused(ValueError):
    """The name cannot be used."""


def clean(title: str) -> str:
    """The name as it is shown: NFC, spaces single. Raises TitleRefused with a sentence that says what to do."""
    shown = unicodedata.normalize("NFC", " ".join(title.split()))
    if not shown.isprintable():
        raise TitleRefused("The name has invisible characters in it. Type it anew.")
    if not 1 <= len(shown) <= MAX_LENGTH:
        raise TitleRefused(f"A name has 1 to {MAX_LENGTH} characters.")
    return shown
