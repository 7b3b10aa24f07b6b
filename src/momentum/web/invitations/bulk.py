"""Much work, in parts that leave room to others."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def part() -> Iterator[None]:
    """A transaction, and then a rest as long as it was: SQLite has one writer at a time and no queue, so whoever begins
    the next transaction at once keeps everybody else out for seconds."""
    began = time.monotonic()
    with transaction.atomic():
        yield
    time.sleep(time.monotonic() - began)
