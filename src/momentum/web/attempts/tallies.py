"""Tallies from stored answers: computed anew when a question is voided, and by whoever wants to check a board."""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from momentum.game.tally import NOTHING, Tally, tally
from momentum.web.attempts.models import AttemptAnswer


def of_contest(contest_id: UUID) -> Mapping[UUID, Tally]:
    """What the answers of each attempt come to; NOTHING for one without answers."""
    answers: dict[UUID, list[AttemptAnswer]] = defaultdict(list)
    for answer in AttemptAnswer.objects.filter(attempt__contest_id=contest_id).order_by("attempt_id", "position"):
        answers[answer.attempt_id].append(answer)
    return defaultdict(lambda: NOTHING, {attempt_id: tally(rows) for attempt_id, rows in answers.items()})
