"""Moving a contest along the table of status changes."""

from uuid import UUID

from momentum.web.contests.models import Contest
from momentum.web.contests.status import TRANSITIONS, Status


def change_status(contest_id: UUID, to: Status) -> bool:
    """Whether the contest moved: from a status that the table gives no way from, it stays."""
    sources = [source for source, targets in TRANSITIONS.items() if to in targets]
    return Contest.objects.filter(pk=contest_id, status__in=sources).update(status=to) == 1


def move(contest: Contest, to: Status) -> None:
    """Give a contest that is about to be saved that status, where the table has a way to it."""
    if to in TRANSITIONS[Status(contest.status)]:
        contest.status = to
