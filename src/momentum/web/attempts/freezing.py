"""The questions of a contest that is played alone, copied from the bank when it is scheduled."""

import secrets
from collections.abc import Iterable, Sequence

from momentum.web.attempts.models import FrozenQuestion
from momentum.web.contests.models import Contest, ContestType
from momentum.web.questions import queries as bank
from momentum.web.questions.models import Question

MAX_POOL = 1_000
"""Questions that a marathon's runs draw from, at most."""


def freeze(contest: Contest, categories: Sequence[str]) -> None:
    """Draw the contest's questions, instead of those it had. Raises TooFewQuestions. `categories`: slugs."""
    questions = bank.draw(
        contest.difficulty,
        categories,
        wanted(contest, categories),
        secrets.token_hex(16),
        owner_id=contest.owner_id,
    )
    thaw(contest)
    FrozenQuestion.objects.bulk_create(_copies(contest, questions))


def thaw(contest: Contest) -> None:
    """Forget the questions that were drawn; nobody has been asked one yet."""
    contest.frozen_questions.all().delete()


def wanted(contest: Contest, categories: Sequence[str]) -> int:
    """How many questions the contest needs: what was asked for, or for a marathon all that fit, and one at least."""
    if contest.contest_type != ContestType.MARATHON:
        return contest.question_count
    return min(max(available(contest, categories), 1), MAX_POOL)


def available(contest: Contest, categories: Sequence[str]) -> int:
    """How many questions of the bank fit."""
    return bank.available(contest.difficulty, categories, owner_id=contest.owner_id)


def _copies(contest: Contest, questions: Iterable[Question]) -> Iterable[FrozenQuestion]:
    for position, question in enumerate(questions, start=1):
        yield FrozenQuestion(
            contest=contest,
            position=position,
            bank_id=str(question.pk),
            category_slug=question.category.slug,
            category=question.category.name,
            difficulty=question.difficulty,
            text=question.text,
            options=list(question.options),
            correct=question.answer,
            explanation=question.explanation,
        )
