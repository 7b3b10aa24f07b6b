"""Coroutines of these tests run under virtual time."""

import asyncio
from collections.abc import Callable, Mapping

from .loop import VirtualLoop


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"virtual": VirtualLoop}
