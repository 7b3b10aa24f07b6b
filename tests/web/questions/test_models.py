from typing import Any

import pytest
from django.db import IntegrityError, transaction

from momentum.web.accounts.models import User
from momentum.web.questions.models import Category, Question, StarterBank


def make(**fields: Any) -> Question:
    category = Category.objects.get_or_create(slug="rivers", defaults={"name": "Rivers"})[0]
    given = {"key": "k", "text": "Where?", "options": ["a", "b", "c", "d"], "answer": 0, "difficulty": "easy", **fields}
    return Question.objects.create(category=category, **given)


@pytest.mark.parametrize(
    "fields",
    [
        {"options": ["a", "b", "c"]},
        {"options": ["a", "b", "c", "d", "e"]},
        {"options": []},
        {"options": {"a": 1}},
        {"options": ["a", "a", "c", "d"]},
        {"options": ["a", "b", "c", "a"]},
        {"options": ["a", "b", "c", "c"]},
        {"answer": 4},
        {"answer": -1},
        {"difficulty": "x"},
        {"text": ""},
        {"key": None},
    ],
)
def test_the_database_refuses_questions_that_cannot_be_asked(fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make(**fields)


def test_keys_belong_to_the_starter_bank_alone(alice: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make(owner=alice, key="k")
    assert make(owner=alice, key=None).owner == alice
    assert make(owner=alice, key=None).key is None


def test_a_key_is_used_once() -> None:
    make()
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


def test_one_version_of_the_bank_is_loaded() -> None:
    StarterBank.objects.create(digest="a")
    with pytest.raises(IntegrityError), transaction.atomic():
        StarterBank.objects.create(id=2, digest="b")
