"""What a player may be called, and when two names are the same."""

import unicodedata
from collections.abc import Container

import regex

MAX_GRAPHEMES = 24
MAX_BYTES = 96
_FORBIDDEN = regex.compile(r"[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]")
_STACKED_MARKS = regex.compile(r"\p{M}{3,}")
_JOINED_EMOJI = regex.compile(
    r"(?<=[\p{Extended_Pictographic}\p{M}\p{Emoji_Modifier}])\u200d(?=\p{Extended_Pictographic})"
)
_SPACES = regex.compile(r"\s+")


class NameRefused(Exception):
    """The name cannot be used; the message says what to change."""


def clean(name: str) -> str:
    """The name as it is shown: NFC, outer space cut off, inner space single. Raises NameRefused."""
    if _FORBIDDEN.search(_JOINED_EMOJI.sub("", name)):
        raise NameRefused("A name cannot contain invisible or control characters. Type it anew with ordinary letters.")
    shown = unicodedata.normalize("NFC", _SPACES.sub(" ", name).strip())
    if _STACKED_MARKS.search(unicodedata.normalize("NFD", shown)):
        raise NameRefused("A name cannot pile up marks on one letter. Use at most two per letter.")
    length = len(regex.findall(r"\X", shown))
    if not 1 <= length <= MAX_GRAPHEMES or len(shown.encode()) > MAX_BYTES:
        raise NameRefused(f"A name has 1 to {MAX_GRAPHEMES} characters. Choose another one.")
    if not regex.search(r"[\p{L}\p{N}\p{Extended_Pictographic}\p{S}]", shown):
        raise NameRefused("A name needs at least one letter or digit.")
    return shown


def key(name: str) -> str:
    """Two names with the same key are the same name."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def distinct(name: str, taken: Container[str]) -> str:
    """`name`, or the first of "name 2", "name 3", ... whose key is not taken. Never longer than a name may be."""
    candidate, number = name, 1
    while key(candidate) in taken:
        number += 1
        suffix = f" {number}"
        candidate = _shortened(name, len(suffix)) + suffix
    return candidate


def _shortened(name: str, room: int) -> str:
    graphemes = regex.findall(r"\X", name)[: MAX_GRAPHEMES - room]
    while len("".join(graphemes).encode()) > MAX_BYTES - room:
        graphemes.pop()
    return "".join(graphemes).rstrip()
