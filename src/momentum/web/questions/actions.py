"""What changes the bank."""

from collections.abc import Iterable

from django.db import transaction

from momentum.web.questions import starter_bank
from momentum.web.questions.models import Category, Question, StarterBank
from momentum.web.questions.starter_bank import StarterQuestion

CHANGEABLE = ("category", "difficulty", "text", "options", "answer", "explanation", "archived")


def load_starter_bank() -> bool:
    """Make the starter questions in the database those of the files: new, changed, and archived where a file lost one.

    Returns False, after one query, when they were so already.
    """
    digest = starter_bank.digest()
    if StarterBank.objects.filter(digest=digest).exists():
        return False
    questions = starter_bank.read()
    with transaction.atomic():
        _store(questions)
        Question.objects.filter(owner=None).exclude(key__in=[one.key for one in questions]).update(archived=True)
        StarterBank.objects.update_or_create(id=1, defaults={"digest": digest})
    return True


def _store(questions: Iterable[StarterQuestion]) -> None:
    names = {one.category_slug: one.category_name for one in questions}
    Category.objects.bulk_create(
        [Category(slug=slug, name=name) for slug, name in names.items()],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["name"],
    )
    categories = Category.objects.in_bulk(list(names), field_name="slug")
    Question.objects.bulk_create(
        [
            Question(
                key=one.key,
                category=categories[one.category_slug],
                difficulty=one.difficulty,
                text=one.text,
                options=list(one.options),
                answer=one.answer,
                explanation=one.explanation,
            )
            for one in questions
        ],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=CHANGEABLE,
    )
