"""Makes docs/reference/protocol.md from the types of the wire: python -m momentum.protocol.reference > ...

A test keeps the page current: it makes it again and compares.
"""

import json
import sys
from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from momentum.protocol import example_game, tickets, to_client
from momentum.protocol import reference_text as text
from momentum.protocol.close_codes import CloseCode

WIDTH = 150
RESUME_ADMITS = "back into the game; void when a newer one is used, after a kick, and after signing out"
SCALARS = {str: "text", int: "whole number", float: "number", bool: "true or false", NoneType: "null"}


def page() -> str:
    """The whole page."""
    lines = [
        text.OPENING,
        text.QUESTION,
        text.FROM_CLIENT,
        *_from_client(),
        text.TO_CLIENT,
        *_to_client(),
        "## What messages have in them\n",
        *_structures(),
        text.ERRORS_INTRO,
        *_errors(),
        text.CLOSES_INTRO,
        *_close_codes(),
        text.TOKENS + "\n".join(_tokens()) + "\n",
        text.LIMITS,
    ]
    return "\n".join(lines)


def _from_client() -> Iterator[str]:
    for kind, frame in example_game.said().items():
        who = "Hosts only. " if kind in text.HOSTS_ONLY else ""
        yield f"### {kind.__struct_config__.tag}\n\n{who}{_meaning(kind)}\n\n{_example(frame)}"


def _to_client() -> Iterator[str]:
    examples = example_game.told()
    for kind in to_client.MESSAGES:
        yield f"### {kind.type}\n\n{_meaning(kind)}\n\nHeard by {text.HEARD_BY[kind]}\n"
        yield from _fields(kind)
        yield _example(examples[kind.type])


def _structures() -> Iterator[str]:
    """The types that are parts of messages, each once, in the order in which they are first met."""
    for kind in _parts():
        yield f"### {kind.__name__}\n\n{_meaning(kind)}\n"
        yield from _fields(kind)


def _parts() -> list[type[msgspec.Struct]]:
    found: list[type[msgspec.Struct]] = []
    for message in to_client.MESSAGES:
        _collect(message, found)
    return found


def _collect(type_: Any, found: list[type[msgspec.Struct]]) -> None:
    for inner in get_args(type_):
        _collect(inner, found)
    if isinstance(type_, type) and issubclass(type_, msgspec.Struct):
        if not issubclass(type_, to_client.ToClient):
            if type_ in found:
                return
            found.append(type_)
        for _, inner in _hints(type_):
            _collect(inner, found)


def _hints(kind: type[msgspec.Struct]) -> list[tuple[str, Any]]:
    hints = get_type_hints(kind)
    return [(name, hints[name]) for name in kind.__struct_fields__]


def _fields(kind: type[msgspec.Struct]) -> Iterator[str]:
    fields = _hints(kind)
    if fields:
        yield "| field | is |\n|---|---|"
        yield from (f"| `{name}` | {_type(hint)} |" for name, hint in fields)
        yield ""


def _type(hint: Any) -> str:
    """A type in words."""
    if hint in SCALARS:
        return SCALARS[hint]
    origin, inner = get_origin(hint), get_args(hint)
    if origin is tuple:
        return f"list of {_type(inner[0])}"
    if origin is Literal:
        return ", ".join(f'`"{value}"`' for value in inner)
    if origin is UnionType:
        return " or ".join(_type(member) for member in inner if member is not int or float not in inner)
    anchor = hint.type if issubclass(hint, to_client.ToClient) else hint.__name__
    return f"[{anchor}](#{anchor.lower()})"


def _meaning(kind: type[msgspec.Struct]) -> str:
    """The docstring, as a paragraph."""
    assert kind.__doc__, f"{kind.__name__} says nothing"
    paragraphs = kind.__doc__.strip().split("\n\n")
    return "\n\n".join(" ".join(line.strip() for line in paragraph.splitlines()) for paragraph in paragraphs)


def _example(frame: bytes) -> str:
    return f"```json\n{_laid_out(json.loads(frame))}\n```\n"


def _laid_out(value: Any, indent: str = "") -> str:
    """JSON on one line where it fits, else a line for each part."""
    short = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(short) <= WIDTH or not isinstance(value, dict | list):
        return short
    deeper = indent + "  "
    if isinstance(value, dict):
        parts = [f"{json.dumps(name)}: {_laid_out(inner, deeper)}" for name, inner in value.items()]
    else:
        parts = [_laid_out(inner, deeper) for inner in value]
    begin, end = "{}" if isinstance(value, dict) else "[]"
    return begin + ",".join(f"\n{deeper}{part}" for part in parts) + f"\n{indent}{end}"


def _errors() -> Iterator[str]:
    yield "| code | means |\n|---|---|"
    yield from (f"| `{code}` | {meaning} |" for code, meaning in text.ERRORS.items())
    yield ""


def _close_codes() -> Iterator[str]:
    yield "| code | reason | come back |\n|---|---|---|"
    for close in sorted(CloseCode, key=lambda close: close.code):
        yield f"| {close.code} | {close.reason} | {'yes' if close.come_back else 'no'} |"
    yield ""


def _tokens() -> Iterator[str]:
    game = "`contest_id`, `role`"
    rows = (
        ("login", tickets.REALTIME, tickets.LOGIN_SECONDS, "", "an account: to games it may play, and to open one"),
        ("ticket", tickets.REALTIME, tickets.TICKET_SECONDS, game, "to one game, in one role"),
        ("resume", tickets.RESUME, tickets.RESUME_SECONDS, f"{game}, `generation`", RESUME_ADMITS),
        ("internal", tickets.INTERNAL, tickets.INTERNAL_SECONDS, "", "the site itself"),
    )
    for name, audience, seconds, claims, admits in rows:
        yield f"| {name} | `{audience}` | {_lifetime(seconds)} | {claims} | {admits} |"


def _lifetime(seconds: int) -> str:
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


if __name__ == "__main__":
    sys.stdout.write(page())
