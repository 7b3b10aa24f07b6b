from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pytest_django import Settings

from momentum.web.mail.courier import Courier
from momentum.web.mail.models import Priority
from momentum.web.mail.transport import transport

Use = Callable[..., None]


@pytest.fixture
def configure(settings: Settings) -> Callable[..., None]:
    """Changes settings of the environment: configure(email_url=...), or limits by their names."""

    def change(**changes: Any) -> None:
        limits = {name: changes.pop(name) for name in list(changes) if name in vars(settings.MOMENTUM.limits)}
        settings.MOMENTUM = replace(settings.MOMENTUM, **changes, limits=replace(settings.MOMENTUM.limits, **limits))

    change(email_from="Quiz <quiz@example.org>", email_per_second=10_000)
    return change


@pytest.fixture
def send_all() -> Callable[[], int]:
    """Sends all that is due, as the worker does; returns how many attempts that took."""

    def run() -> int:
        courier = Courier(transport(), tuple(Priority), "here-0")
        attempts = 0
        while courier.send_next():
            attempts += 1
        courier.close()
        return attempts

    return run
