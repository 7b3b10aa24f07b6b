from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from momentum.web.questions import actions, starter_bank
from momentum.web.questions.models import Category, Question

FILE = """
category = "Rivers"
slug = "rivers"

[[question]]
key = "rivers-001"
difficulty = "easy"
text = "Which river flows through Cairo?"
options = ["The Congo", "The Nile", "The Niger", "The Zambezi"]
answer = "The Nile"
explanation = "It does."

[[question]]
key = "rivers-002"
difficulty = "hard"
text = "Which river flows through Vienna?"
options = ["The Danube", "The Elbe", "The Rhine", "The Oder"]
answer = "The Danube"
explanation = "It does."
"""


@pytest.fixture
def bank_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(starter_bank, "BANK", tmp_path)
    file = tmp_path / "rivers.toml"
    file.write_text(FILE)
    return file


def test_the_bank_is_loaded(bank_file: Path) -> None:
    assert actions.load_starter_bank()
    question = Question.objects.get(key="rivers-001")
    assert question.options[question.answer] == "The Nile"
    assert (question.category.name, question.difficulty, question.owner, question.archived) == (
        "Rivers",
        "easy",
        None,
        False,
    )


def test_an_unchanged_bank_costs_one_query(bank_file: Path, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    actions.load_starter_bank()
    with django_assert_num_queries(1):
        assert not actions.load_starter_bank()


def test_a_changed_bank_changes_questions_in_place(bank_file: Path) -> None:
    actions.load_starter_bank()
    before = Question.objects.get(key="rivers-001").pk
    bank_file.write_text(
        FILE.replace("through Cairo", "past Cairo").replace('category = "Rivers"', 'category = "Waters"')
    )
    assert actions.load_starter_bank()
    question = Question.objects.get(key="rivers-001")
    assert (question.pk, question.text, question.category.name) == (before, "Which river flows past Cairo?", "Waters")
    assert (Question.objects.count(), Category.objects.count()) == (2, 1)


def test_a_question_that_left_the_bank_is_archived_and_comes_back(bank_file: Path) -> None:
    actions.load_starter_bank()
    bank_file.write_text(FILE[: FILE.rindex("[[question]]")])
    actions.load_starter_bank()
    assert Question.objects.get(key="rivers-002").archived
    bank_file.write_text(FILE)
    actions.load_starter_bank()
    assert not Question.objects.get(key="rivers-002").archived


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('answer = "The Nile"', 'answer = "the nile"', "letter for letter"),
        ('"The Niger", ', "", "4 different options"),
        ('"The Niger"', '"The Congo"', "4 different options"),
        ('difficulty = "easy"', 'difficulty = "simple"', "difficulty"),
        ('explanation = "It does."\n\n', "\n", "fields"),
        ("rivers-002", "rivers-001", "Keys used twice"),
    ],
)
def test_a_wrong_file_says_where_and_changes_nothing(bank_file: Path, old: str, new: str, says: str) -> None:
    bank_file.write_text(FILE.replace(old, new, 1))
    with pytest.raises(starter_bank.BankError, match=says) as refused:
        actions.load_starter_bank()
    assert "rivers-001" in str(refused.value)
    assert not Question.objects.exists()
