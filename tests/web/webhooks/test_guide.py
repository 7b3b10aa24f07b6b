"""The guide's example verifies what is really sent."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from momentum.web.webhooks import actions, delivering
from momentum.web.webhooks.models import TEST, Endpoint, EventType

from ..receiver import Message, Receiver

GUIDE = (Path(__file__).parents[3] / "docs" / "how-to" / "webhooks.md").read_text()


@pytest.fixture
def verify() -> Callable[..., None]:
    [example] = re.findall(r"```python\n(.*?)```", GUIDE, re.S)
    names: dict[str, Any] = {}
    exec(compile(example, "webhooks.md", "exec"), names)
    found: Callable[..., None] = names["verify"]
    return found


@pytest.fixture
def message(endpoint: Endpoint, receiver: Receiver) -> Message:
    actions.send_test(endpoint)
    [delivery] = delivering.claim_due("here-0", 1)
    delivering.deliver(delivery)
    [arrived] = receiver.messages
    return arrived


def test_it_accepts_what_is_sent(verify: Callable[..., None], endpoint: Endpoint, message: Message) -> None:
    verify(endpoint.secret, message.headers, message.body)


def test_it_refuses_what_was_changed_or_is_old(
    verify: Callable[..., None], endpoint: Endpoint, message: Message
) -> None:
    with pytest.raises(ValueError, match="signature"):
        verify(endpoint.secret, message.headers, message.body + b" ")
    with pytest.raises(ValueError, match="signature"):
        verify(endpoint.secret, {**message.headers, "webhook-id": "msg_other"}, message.body)
    with time_machine.travel(timezone.now().timestamp() + 600), pytest.raises(ValueError, match="old"):
        verify(endpoint.secret, message.headers, message.body)


def test_it_names_every_type_of_message() -> None:
    assert set(re.findall(r"^\| `([\w.]+)` \|", GUIDE, re.M)) == {*EventType.values, TEST}
