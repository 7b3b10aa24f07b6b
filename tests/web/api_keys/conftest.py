from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from momentum.web.accounts.models import User
from momentum.web.api_keys.actions import create_key


@pytest.fixture
def as_key(alice: User, call: Callable[..., Any]) -> Callable[..., Any]:
    """Calls the API with a new key of Alice's: as_key(["contests:read"], "get", "/api/contests")."""

    def send(scopes: list[str], method: str, path: str, body: Any = None, token: str = "") -> Any:
        shown = token or create_key(alice, "Script", scopes)[1]
        client = Client(enforce_csrf_checks=True)
        return call(client, method, path, body, headers={"Authorization": f"Bearer {shown}"})

    return send
