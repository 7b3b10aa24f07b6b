"""The reference of the protocol is what the code is."""

import json
import re
from pathlib import Path
from typing import get_args

import pytest

from momentum.game.outcome import RejectionCode
from momentum.protocol import codec, example_game, from_client, reference, to_client
from momentum.protocol import reference_text as text
from momentum.protocol.close_codes import CloseCode
from momentum.protocol.tickets import MAX_TOKEN_BYTES
from momentum.realtime.doorkeeper import MAX_SOCKETS
from momentum.realtime.limits import Limits
from momentum.realtime.room import UNAVAILABLE
from momentum.realtime.site import GameWish

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "protocol.md"


@pytest.fixture(scope="module")
def page() -> str:
    return reference.page()


def test_the_page_is_current(page: str) -> None:
    assert PAGE.read_text() == page, "run: python -m momentum.protocol.reference > docs/reference/protocol.md"


def test_every_message_has_a_section_with_its_example(page: str) -> None:
    types = [message.type for message in to_client.MESSAGES]
    types += [kind.__struct_config__.tag for kind in get_args(from_client.AnyFromClient)]
    for type_ in types:
        section = page.split(f"\n### {type_}\n")
        assert len(section) == 2, type_
        assert f'"type": "{type_}"' in section[1].split("\n### ")[0], "an example"


def test_every_example_is_json(page: str) -> None:
    examples = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    assert len(examples) > len(to_client.MESSAGES)
    assert all(isinstance(json.loads(example), dict) for example in examples)


def test_what_clients_say_in_the_examples_is_understood() -> None:
    frames = example_game.said()
    assert set(frames) == set(get_args(from_client.AnyFromClient))
    assert {type(codec.decode(frame)) for frame in frames.values()} == set(frames)


def test_what_clients_hear_in_the_examples_has_every_documented_field() -> None:
    for type_, frame in example_game.told().items():
        told = json.loads(frame)
        (kind,) = (message for message in to_client.MESSAGES if message.type == type_)
        assert set(told["payload"]) == set(kind.__struct_fields__)


def test_every_code_is_explained(page: str) -> None:
    of_the_wire = {"bad_message", "unknown_type", UNAVAILABLE.code}
    assert set(text.ERRORS) == set(get_args(RejectionCode)) | of_the_wire
    assert all(f"| {close.code} | {close.reason} | " in page for close in CloseCode)


def test_it_is_said_who_hears_what_and_who_may_say_what() -> None:
    assert set(text.HEARD_BY) == set(to_client.MESSAGES)
    assert set(text.HOSTS_ONLY) < set(get_args(from_client.AnyFromClient))


def test_links_within_the_page_lead_somewhere(page: str) -> None:
    headings = {
        re.sub(r"[^\w -]", "", line.strip("# ").lower()).replace(" ", "-")
        for line in page.splitlines()
        if line[:1] == "#"
    }
    anchors = set(re.findall(r"\]\(#([^)]*)\)", page))
    assert anchors <= headings
    assert {"player", "question_closed"} <= anchors


def test_the_limits_are_those_of_realtime() -> None:
    limits = Limits()
    for said in (
        f"a message has at most {limits.max_frame // 1024} KiB",
        f"{limits.messages_per_s} messages a second, {limits.burst} in a burst",
        f"{limits.authentication_ms // 1000} s to authenticate",
        f"every {limits.ping_every_ms // 1000} s",
        f"{limits.max_unread // 1024} KiB that you have not read",
        f"{MAX_SOCKETS['host']} sockets of hosts who do not play, {MAX_SOCKETS['screen']} of screens",
        f"a token has at most {MAX_TOKEN_BYTES // 1024} KiB",
    ):
        assert said in text.LIMITS


def test_the_fields_of_opening_a_game_are_those_of_realtime() -> None:
    wish, opening = GameWish(), " ".join(text.OPENING.split())
    assert {"difficulty", "question_count"} <= set(GameWish.__struct_fields__)
    for field in set(GameWish.__struct_fields__) - {"difficulty", "question_count"}:
        assert f"`{field}` {json.dumps(getattr(wish, field))}" in opening
