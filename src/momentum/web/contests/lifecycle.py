"""Moving a contest along the table of status changes."""

from uuid import UUID

from momentum.web.contests.models import Contest
from momentum.web.contests.status import TRANSITIONS, Status


def change_status(contest_id: UUID, to: Status) -> bool:
    """Whether the contest moved: from a status that the table gives no way from, it stays."""
    sources = [source for source, targets in TRANSITIONS.items() if to in targets]
    return Contest.objects.filter(pk=contest_id, status__in=sources).update(status=to) == 1
