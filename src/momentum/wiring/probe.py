"""Asking a service of ours how it is, over HTTP. Never through a proxy, never with patience."""

import http.client
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

LARGEST_ANSWER = 1_000_000


@dataclass(frozen=True)
class Answer:
    """The status, and the fields of a JSON object (empty when it was something else)."""

    status: int
    fields: dict[str, Any] = field(default_factory=dict)


def ask(url: str, *, method: str = "GET", token: str | None = None, timeout_s: float = 1.0) -> Answer | None:
    """The answer of the service at `url`; None when none came."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=timeout_s)
    headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    try:
        connection.request(method, parts.path or "/", headers=headers)
        response = connection.getresponse()
        return Answer(response.status, _fields(response.read(LARGEST_ANSWER)))
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def is_ready(url: str) -> bool:
    """Whether the service at `url` answers that it can work."""
    answer = ask(url)
    return answer is not None and answer.status == 200


def _fields(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
