"""Nobody but the organiser can read a key, a question or a board before its time."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from momentum.web.accounts.models import User
from momentum.web.attempts import schedule
from momentum.web.attempts.models import FrozenQuestion
from momentum.web.contests.models import Contest
from momentum.web.questions.models import Question

from .cast import answer, start
from .conftest import HOUR, NOON, Clock

Call = Callable[..., Any]
SECRET = "The secret reason."


@pytest.fixture
def contest(set_up: Callable[..., Contest]) -> Contest:
    Question.objects.update(explanation=SECRET)
    return set_up()


def everything(client: Client, call: Call, contest: Contest, attempt_id: object) -> Iterator[tuple[str, str]]:
    """All that a player can read of a contest and an attempt: addresses and bodies."""
    base, api = f"/dashboard/contest/{contest.pk}", f"/api/contests/{contest.pk}"
    pages = [f"{base}/lobby", f"{base}/progress", f"{base}/edit", f"/attempt/{attempt_id}", f"{base}/results"]
    calls = [api, *(f"{api}/{what}" for what in ("lobby", "board", "progress", "questions"))]
    calls += [f"/api/attempts/{attempt_id}", f"/api/attempts/{attempt_id}/review", "/api/contests"]
    for path in pages:
        yield path, client.get(path).content.decode()
    for path in calls:
        yield path, call(client, "get", path).content.decode()


def test_no_explanation_and_no_key_before_the_closing(
    contest: Contest, bob: User, as_bob: Client, call: Call, clock: Clock
) -> None:
    attempt = start(contest, bob)
    for number in range(4):
        for path, body in everything(as_bob, call, contest, attempt.pk):
            assert SECRET not in body, path
            assert not re.search(r'"(correct|isCorrect|answer|points|score)": *(true|false|[1-9"])', body), path
        attempt = answer(attempt, right=number % 2 == 0)
    assert attempt.finished_at
    for path, body in everything(as_bob, call, contest, attempt.pk):
        assert SECRET not in body, path
        assert str(attempt.score) not in body, path
    clock.move_to(NOON + 2 * HOUR)
    read = dict(everything(as_bob, call, contest, attempt.pk))
    assert SECRET in read[f"/attempt/{attempt.pk}"]
    assert SECRET in read[f"/api/attempts/{attempt.pk}/review"]


def test_right_and_wrong_answers_look_alike(
    contest: Contest, bob: User, charlie: User, as_bob: Client, as_charlie: Client, call: Call
) -> None:
    """But for what differs between any two attempts: ids, and the order of options."""
    seen = []
    for user, client, right in ((bob, as_bob, True), (charlie, as_charlie, False)):
        attempt = answer(start(contest, user), right=right)
        state = call(client, "get", f"/api/attempts/{attempt.pk}").json()
        state["question"]["options"] = sorted(option["text"] for option in state["question"]["options"])
        text = json.dumps(state).replace(str(attempt.pk), "").replace(state["question"]["id"], "")
        seen.append(text.replace(user.username, ""))
    assert seen[0] == seen[1]


def test_nobody_reads_a_question_before_it_is_asked(contest: Contest, bob: User, as_bob: Client, call: Call) -> None:
    texts = list(FrozenQuestion.objects.order_by("position").values_list("text", flat=True))
    attempt = start(contest, bob)
    for path, body in everything(as_bob, call, contest, attempt.pk):
        assert all(text not in body for text in texts[1:]), path


def test_nothing_of_the_bank_is_on_the_wire(contest: Contest, bob: User, as_bob: Client, call: Call) -> None:
    attempt = start(contest, bob)
    secrets = [str(pk) for pk in Question.objects.values_list("pk", flat=True)] + [str(attempt.seed)]
    for path, body in everything(as_bob, call, contest, attempt.pk):
        assert not any(secret in body for secret in secrets), path


@pytest.mark.parametrize("scoreboard", ["visible", "hidden", "frozen"])
def test_the_board_is_shown_as_the_organiser_wants(
    set_up: Callable[..., Contest], bob: User, charlie: User, as_bob: Client, call: Call, clock: Clock, scoreboard: str
) -> None:
    contest = set_up(scoreboard=scoreboard, freeze_min=30, results_shown="at_once", question_count=1)
    board = f"/api/contests/{contest.pk}/board"
    answer(start(contest, bob), right=True)
    clock.move_to(NOON + HOUR * 0.75)
    answer(start(contest, charlie), right=True)
    before = call(as_bob, "get", board)
    names = [row["name"] for row in before.json().get("rows", [])]
    assert names == {"visible": ["Bob", "Charlie"], "hidden": [], "frozen": ["Bob"]}[scoreboard]
    assert before.status_code == (404 if scoreboard == "hidden" else 200)
    clock.move_to(NOON + 2 * HOUR)
    schedule.close_due()
    assert [row["name"] for row in call(as_bob, "get", board).json()["rows"]] == ["Bob", "Charlie"]


def test_results_after_the_closing_keep_the_board_hidden_until_then(
    contest: Contest, bob: User, as_bob: Client, as_alice: Client, call: Call
) -> None:
    attempt = start(contest, bob)
    for _ in range(4):
        attempt = answer(attempt, right=True)
    assert call(as_bob, "get", f"/api/contests/{contest.pk}/board").status_code == 404
    assert call(as_alice, "get", f"/api/contests/{contest.pk}/board").json()["total"] == 1


@pytest.mark.parametrize("what", ["progress", "questions"])
def test_keys_and_progress_are_the_organisers_alone(
    contest: Contest, as_alice: Client, as_bob: Client, anyone: Client, call: Call, what: str
) -> None:
    path = f"/api/contests/{contest.pk}/{what}"
    assert call(as_alice, "get", path).status_code == 200
    assert call(as_bob, "get", path).status_code == 404
    assert call(anyone, "get", path).status_code == 401
