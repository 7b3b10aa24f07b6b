from collections import Counter

import pytest
from pytest_django import DjangoAssertNumQueries

from momentum.web.accounts.models import User
from momentum.web.questions import queries
from momentum.web.questions.models import Category, Question


def test_a_draw_takes_what_fits(bank: list[Question], django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(2):
        drawn = queries.draw("easy", ["rivers"], 2, "seed")
        assert {(question.difficulty, question.category.slug) for question in drawn} == {("easy", "rivers")}
    assert len(set(queries.draw("mixed", [], 12, "seed"))) == 12


def test_the_same_seed_draws_the_same_and_another_does_not(bank: list[Question]) -> None:
    first, second = (queries.draw("mixed", [], 6, "seed") for _ in range(2))
    assert first == second
    assert any(queries.draw("mixed", [], 6, str(seed)) != first for seed in range(5))


def test_every_question_has_its_chance(bank: list[Question]) -> None:
    drawn = Counter(queries.draw("mixed", [], 1, seed)[0].pk for seed in range(300))
    assert len(drawn) == 12
    assert max(drawn.values()) < 60


def test_a_draw_says_how_many_there_are(bank: list[Question]) -> None:
    with pytest.raises(queries.TooFewQuestions) as refused:
        queries.draw("easy", ["rivers"], 3, 1)
    assert (refused.value.available, refused.value.wanted) == (2, 3)
    assert "2 questions fit" in str(refused.value)


def test_archived_questions_are_not_drawn(bank: list[Question]) -> None:
    Question.objects.filter(difficulty="easy").update(archived=True)
    assert queries.available("easy", []) == 0
    assert queries.available("mixed", []) == 8


def test_own_questions_are_drawn_for_their_owner_only(bank: list[Question], alice: User, charlie: User) -> None:
    Question.objects.create(
        owner=alice,
        category=Category.objects.get(slug="rivers"),
        difficulty="easy",
        text="Mine?",
        options=["a", "b", "c", "d"],
        answer=0,
    )
    assert queries.available("easy", [], owner_id=alice.pk) == 5
    assert queries.available("easy", [], owner_id=charlie.pk) == 4
    assert queries.available("easy", []) == 4
