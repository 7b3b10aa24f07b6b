"""Much work for many contests: in parts that leave room to others, and with one contest's trouble kept apart."""

import logging
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction

log = logging.getLogger(__name__)


@contextmanager
def part() -> Iterator[None]:
    """A transaction, and then a rest as long as it was: SQLite has one writer at a time and no queue, so whoever begins
    the next transaction at once keeps everybody else out for seconds."""
    began = time.monotonic()
    with transaction.atomic():
        yield
    time.sleep(time.monotonic() - began)


def isolated(work: Callable[[UUID], int], contest_id: UUID) -> int:
    """What the work returns; 0 where it raises, so that the next contest has its turn. What a database says may have
    addresses in it: the log gets the way to the trouble, and not its words."""
    try:
        return work(contest_id)
    except Exception as trouble:
        way = "".join(traceback.format_tb(trouble.__traceback__))
        log.error("trouble with the mails of contest %s: %s\n%s", contest_id, type(trouble).__name__, way)
        return 0
