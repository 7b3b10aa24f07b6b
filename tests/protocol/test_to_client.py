"""What messages are made of."""

from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import msgspec

from momentum.protocol import to_client
from momentum.protocol.to_client import MESSAGES


def fields_of(type_: Any, seen: set[Any]) -> Iterator[str]:
    """The names of all fields that a message may have, in structs within it too."""
    for inner in get_args(type_):
        yield from fields_of(inner, seen)
    if isinstance(type_, type) and issubclass(type_, msgspec.Struct) and type_ not in seen:
        seen.add(type_)
        for name, inner in get_type_hints(type_).items():
            yield name
            yield from fields_of(inner, seen)


def test_no_message_has_a_field_for_what_is_not_for_clients() -> None:
    names = {name for message in MESSAGES for name in fields_of(message, set())}
    assert {"user_id", "correct_answer", "remaining_ms"} <= names
    never = ("mail", "password", "secret", "seed", "bank", "source", "correct_ms", "choice", "epoch", "node", "address")
    assert not [name for name in names for word in never if word in name]


def test_every_message_type_stands_in_the_list_once() -> None:
    listed = [message.type for message in MESSAGES]
    assert len(listed) == len(set(listed))
    assert set(MESSAGES) == set(to_client.ToClient.__subclasses__())
