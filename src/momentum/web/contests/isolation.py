"""Work for many contests, of which one may be in trouble."""

import logging
import traceback
from collections.abc import Callable
from uuid import UUID

log = logging.getLogger(__name__)


def isolated(work: Callable[[UUID], int], contest_id: UUID) -> int:
    """What the work returns; 0 where it raises, so that the next contest has its turn. What a database says may have
    addresses in it: the log gets the way to the trouble, and not its words."""
    try:
        return work(contest_id)
    except Exception as trouble:
        way = "".join(traceback.format_tb(trouble.__traceback__))
        log.error("trouble with contest %s: %s\n%s", contest_id, type(trouble).__name__, way)
        return 0
