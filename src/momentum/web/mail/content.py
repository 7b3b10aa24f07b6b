"""What a mail says, without its looks. Everything is plain text in the reader's language."""

from dataclasses import dataclass

ZERO_WIDTH_JOINER = "\u200d"
"""Stands inside many emoji."""


@dataclass(frozen=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Content:
    """In the order of its fields. `quote`: words of `quoted`, of several lines; every other text is one line.

    `action`: what to do, as a button. `closing`: what is left to say after it. `reason`: why this mail came.
    """

    subject: str
    heading: str
    greeting: str = ""
    paragraphs: tuple[str, ...] = ()
    quote: str = ""
    quoted: str = ""
    facts: tuple[Fact, ...] = ()
    action: Link | None = None
    closing: tuple[str, ...] = ()
    reason: str = ""
    preferences: Link | None = None


def one_line(words: str) -> str:
    """What somebody wrote, as one line of visible characters: nothing can be slipped in under a name."""
    return " ".join(_visible(words).split())


def lines(words: str) -> str:
    """What somebody wrote, in its lines, without what cannot be seen."""
    return "\n".join(_visible(line).rstrip() for line in words.splitlines()).strip()


def _visible(words: str) -> str:
    return "".join(
        one if one.isprintable() or one == ZERO_WIDTH_JOINER else " " if one.isspace() else "" for one in words
    )
