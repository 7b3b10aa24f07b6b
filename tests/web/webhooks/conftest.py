from collections.abc import Iterator

import pytest

from momentum.web.accounts.models import User
from momentum.web.webhooks.actions import create_endpoint
from momentum.web.webhooks.models import Endpoint, EventType

from ..receiver import Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        yield server


@pytest.fixture
def endpoint(alice: User, receiver: Receiver) -> Endpoint:
    """Alice's server, which wants to hear of everything."""
    return create_endpoint(alice, receiver.url, EventType.values)
