"""What may be asked of the bank. Nothing here is for players: a Question has the answer in it."""

import random
from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import ngettext

from momentum.web.questions.models import Category, Question
from momentum.web.refusals import Refusal

MIXED = "mixed"


class TooFewQuestions(Refusal):
    """The bank has only `available` of the `wanted` questions."""

    error = "too_few_questions"

    def __init__(self, available: int, wanted: int) -> None:
        self.available, self.wanted = available, wanted
        super().__init__(available, wanted)

    def __str__(self) -> str:
        return ngettext(
            "Only %(available)d question fits, but the contest wants %(wanted)d. Add categories or ask for fewer.",
            "Only %(available)d questions fit, but the contest wants %(wanted)d. Add categories or ask for fewer.",
            self.available,
        ) % {"available": self.available, "wanted": self.wanted}


def draw(
    difficulty: str, categories: Sequence[str], count: int, seed: int | str, *, owner_id: UUID | None = None
) -> list[Question]:
    """`count` different questions by chance; the same bank and seed give the same ones. Raises TooFewQuestions.

    `difficulty`: easy, medium, hard or mixed. `categories`: slugs, none for all. `owner_id`: whose own count too.
    """
    fitting = list(_fitting(difficulty, categories, owner_id).order_by("pk").values_list("pk", flat=True))
    if len(fitting) < count:
        raise TooFewQuestions(len(fitting), count)
    chosen = random.Random(seed).sample(fitting, count)
    by_id = Question.objects.select_related("category").in_bulk(chosen)
    return [by_id[pk] for pk in chosen]


def available(difficulty: str, categories: Sequence[str], *, owner_id: UUID | None = None) -> int:
    """How many questions a draw can choose from."""
    return _fitting(difficulty, categories, owner_id).count()


def categories() -> list[Category]:
    return list(Category.objects.order_by("name"))


def _fitting(difficulty: str, categories: Sequence[str], owner_id: UUID | None) -> QuerySet[Question]:
    owned = Q(owner=None) | Q(owner_id=owner_id) if owner_id else Q(owner=None)
    questions = Question.objects.filter(owned, archived=False)
    if difficulty != MIXED:
        questions = questions.filter(difficulty=difficulty)
    return questions.filter(category__slug__in=categories) if categories else questions
