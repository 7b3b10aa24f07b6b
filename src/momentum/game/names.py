"""What a player may be called, and when two names are the same."""

import unicodedata
from collections.abc import Container

import regex

MAX_GRAPHEMES = 24
MAX_BYTES = 96
_FORBIDDEN = regex.compile(
    r"[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\N{BRAILLE PATTERN BLANK}]"
)
_STACKED_MARKS = regex.compile(r"\p{M}{3,}")
_INSIDE_EMOJI = regex.compile(
    r"(?<=\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]?)\u200d(?=\p{Extended_Pictographic})"
    r"|(?<=\p{Extended_Pictographic})[\ufe0e\ufe0f]"
    r"|(?<=[0-9#*])\ufe0f(?=\u20e3)"
)
_IGNORED = regex.compile(r"\p{Default_Ignorable_Code_Point}")
_SPACES = regex.compile(r"\s+")


class NameRefused(Exception):
    """The name cannot be used; the message says what to change."""


def clean(name: str) -> str:
    """The name as it is shown: NFC, outer space cut off, inner space single. Raises NameRefused."""
    if _FORBIDDEN.search(_INSIDE_EMOJI.sub("", name)):
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
    """Two names with the same key are the same name: case, width and what cannot be seen do not count."""
    visible = unicodedata.normalize("NFKC", _IGNORED.sub("", name))
    return unicodedata.normalize("NFKC", visible.casefold())


def distinct(name: str, taken: Container[str]) -> str:
    """`name`, or "name 2", "name 3", ... with a number that is free. `taken` has keys and is asked few times, however
    many share a name. Never longer than a name may be."""
    if key(name) not in taken:
        return name
    used, free = 1, 2
    while key(_numbered(name, free)) in taken:
        used, free = free, 2 * free
    while free - used > 1:
        middle = (used + free) // 2
        used, free = (middle, free) if key(_numbered(name, middle)) in taken else (used, middle)
    return _numbered(name, free)


def _numbered(name: str, number: int) -> str:
    suffix = f" {number}"
    return (_shortened(name, len(suffix)) + suffix).lstrip()


def _shortened(name: str, room: int) -> str:
    graphemes = regex.findall(r"\X", name)[: MAX_GRAPHEMES - room]
    while len("".join(graphemes).encode()) > MAX_BYTES - room:
        graphemes.pop()
    return "".join(graphemes).rstrip()
