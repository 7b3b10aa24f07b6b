"""Tallies from stored answers: computed anew when a question is voided, and by whoever wants to check a board."""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from momentum.game.tally import NOTHING, Tally
from momentum.web.attempts.models import AttemptAnswer


def of_contest(contest_id: UUID) -> Mapping[UUID, Tally]:
    """What the answers of each attempt come to; NOTHING for one without answers."""
    found: dict[UUID, Tally] = defaultdict(lambda: NOTHING)
    answers = AttemptAnswer.objects.filter(attempt__contest_id=contest_id).order_by("position")
    for answer in answers.values_list("attempt_id", "choice", "correct", "points", "t_ms", "voided", named=True):
        found[answer.attempt_id] = found[answer.attempt_id].after(answer)
    return found
