"""What the processes of `test_workers` do to one installation: fill it, count, void questions, tell what it came to.

Run as `python -m tests.web.leaderboards.side_by_side WHAT`.
"""

import json
import random
import sys
import time
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from momentum.wiring.django_setup import set_up_django

PLAYERS = 30
QUESTIONS = 7
CHUNK = 5


def main(what: str) -> None:
    set_up_django()
    {"fill": fill, "count": count, "void": void, "tell": tell}[what]()


def fill() -> None:
    """A standard contest that has closed; every player has an account, every third shares the profile."""
    from django.utils import timezone

    from momentum.web.accounts.models import User
    from momentum.web.attempts import tallies
    from momentum.web.attempts.models import Attempt, AttemptAnswer, FrozenQuestion, Participant
    from momentum.web.contests.models import Contest
    from momentum.web.leaderboards.models import Profile
    from momentum.wiring import schema

    schema.migrate(print)
    now, chance = timezone.now(), random.Random(4)
    owner = User.objects.create(username="Owner")
    contest = Contest.objects.create(
        owner=owner,
        name="Exam",
        contest_type="standard",
        status="closed",
        opens_at=now - timedelta(hours=2),
        closes_at=now - timedelta(hours=1),
    )
    asked = FrozenQuestion.objects.bulk_create(
        FrozenQuestion(
            contest=contest, position=n, bank_id=str(n), category_slug="c", category=f"Category {n % 3}",
            difficulty="easy", text=f"{n}?", options=["a", "b", "c", "d"], correct=0,
        )
        for n in range(1, QUESTIONS + 1)
    )  # fmt: skip
    for number in range(PLAYERS):
        user = User.objects.create(username=f"Player {number}")
        if number % 3 == 0:
            Profile.objects.create(user=user, shared=True)
        names = {"user_id": str(user.pk), "username": user.username}
        place = Participant.objects.create(contest=contest, joined_at=now, name_key=user.name_key, **names)
        attempt = Attempt.objects.create(
            contest=contest, participant=place, number=1, seed=1, question_count=QUESTIONS, started_at=now,
            finished_at=now, finish_reason="completed", counts=True, **names,
        )  # fmt: skip
        rights = [(question, chance.random() < 0.6) for question in asked]
        AttemptAnswer.objects.bulk_create(
            AttemptAnswer(
                attempt=attempt, position=question.position, question=question, bank_id=question.bank_id,
                category_slug="c", category=question.category, choice=0 if right else 1, correct=right,
                points=chance.randrange(500, 1000) if right else 0, t_ms=chance.randrange(500, 9_000),
                opened_at=now, answered_at=now,
            )
            for question, right in rights
        )  # fmt: skip
    for pk, tally in tallies.of_contest(contest.pk).items():
        Attempt.objects.filter(pk=pk).update(**asdict(tally))


def count() -> None:
    """As a worker does, until somebody ends it."""
    from momentum.web.leaderboards import projection

    projection.CHUNK = CHUNK
    while True:
        projection.project()


def void() -> None:
    """Void all questions but one, one after another."""
    from momentum.web.attempts import organising
    from momentum.web.attempts.models import FrozenQuestion

    for question in FrozenQuestion.objects.select_related("contest").order_by("position")[1:]:
        organising.void(question)
        time.sleep(0.05)


def tell() -> None:
    """Whether results and totals are what the answers come to, as JSON: the names of what differs."""
    from momentum.web.attempts.models import Attempt
    from momentum.web.leaderboards import projection
    from momentum.web.leaderboards.models import Result, Source, Total

    def totals() -> list[tuple[Any, ...]]:
        names = ("board__scope", "board__period", "board__subject", "player")
        return sorted(Total.objects.values_list(*names, "score", "correct_ms", "answer_count", "plays"))

    projection.project()
    found = []
    if not Source.objects.get().done:
        found.append("the source is not done")
    kept = ("score", "correct_ms", "answer_count")
    if set(Result.objects.values_list("player", *kept)) != set(Attempt.objects.values_list("user_id", *kept)):
        found.append("results are not those of the attempts")
    before = totals()
    projection.rebuild_totals()
    if totals() != before:
        found.append("totals are not the sums of the results")
    if len(before) < 8 * PLAYERS:
        found.append(f"there are {len(before)} totals only")
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
