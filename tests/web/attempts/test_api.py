from collections.abc import Callable
from typing import Any

from django.test import Client

from momentum.web.accounts.models import User
from momentum.web.attempts import queries
from momentum.web.attempts.models import Attempt, AttemptAnswer
from momentum.web.contests.models import Contest

from .cast import shown
from .conftest import HOUR, NOON, Clock

Call = Callable[..., Any]


def test_a_whole_contest_over_the_api(
    standard: Contest, as_bob: Client, as_alice: Client, call: Call, clock: Clock
) -> None:
    base = f"/api/contests/{standard.pk}"
    assert call(as_bob, "get", f"{base}/lobby").json()["mayStart"] is True
    state = call(as_bob, "post", f"{base}/attempts", {}).json()
    for number in range(1, 5):
        assert (state["state"], state["question"]["number"], state["asked"]) == ("question", number, number)
        attempt = Attempt.objects.get()
        option = shown(attempt, right=number != 2) + 1
        body = {"questionId": state["question"]["id"], "option": option}
        clock.shift(1)
        state = call(as_bob, "post", f"/api/attempts/{state['id']}/answers", body).json()
        again = call(as_bob, "post", f"/api/attempts/{state['id']}/answers", body)
        assert (again.status_code, again.json()) == (200, state)
    assert (state["state"], state["finishReason"], state["score"]) == ("finished", "completed", None)
    assert AttemptAnswer.objects.count() == 4
    early = call(as_bob, "get", f"/api/attempts/{state['id']}/review")
    assert (early.status_code, early.json()["error"]) == (409, "not_closed_yet")
    assert call(as_alice, "post", f"{base}/end").json()["status"] == "closed"
    review = call(as_bob, "get", f"/api/attempts/{state['id']}/review").json()["questions"]
    assert [question["correct"] for question in review] == [True, False, True, True]
    [row] = call(as_bob, "get", f"{base}/board").json()["rows"]
    assert (row["rank"], row["name"], row["score"], row["isYou"]) == (1, "Bob", 3 * 967, True)


def test_a_guest_comes_in_by_name_and_answers(standard: Contest, anyone: Client, call: Call) -> None:
    base = f"/api/contests/{standard.pk}"
    refused = call(anyone, "post", f"{base}/attempts", {})
    assert (refused.status_code, refused.json()["error"]) == (422, "name_missing")
    state = call(anyone, "post", f"{base}/attempts", {"username": "Gina"}).json()
    assert state["username"] == "Gina"
    body = {"questionId": state["question"]["id"], "option": 1}
    token = {"X-CSRFToken": anyone.cookies["csrftoken"].value}
    assert call(anyone, "post", f"/api/attempts/{state['id']}/answers", body, headers=token).status_code == 200


def test_a_pin_leads_into_a_contest_over_the_api(standard: Contest, anyone: Client, call: Call) -> None:
    pin = standard.pins.get().code
    joined = call(anyone, "post", "/api/join", {"pin": pin, "username": "Gina"}).json()
    assert (joined["contestId"], joined["contestType"], joined["token"]) == (str(standard.pk), "standard", None)


def test_what_is_not_open_is_refused_with_a_code(standard: Contest, as_bob: Client, call: Call) -> None:
    state = call(as_bob, "post", f"/api/contests/{standard.pk}/attempts", {}).json()
    path = f"/api/attempts/{state['id']}"
    early = queries.question_id(Attempt.objects.get().pk, 3)
    for question_id in ("nonsense", early):
        refused = call(as_bob, "post", f"{path}/answers", {"questionId": question_id, "option": 1})
        assert (refused.status_code, refused.json()["error"]) == (409, "question_not_open")
    refused = call(as_bob, "post", f"{path}/next", {"after": 1})
    assert (refused.status_code, refused.json()["error"]) == (409, "next_not_due")
    for body in ({"questionId": early, "option": 5}, {"questionId": early, "option": True}, {"option": 1}):
        assert call(as_bob, "post", f"{path}/answers", body).status_code == 422


def test_a_run_goes_on_when_the_player_says_so(marathon: Contest, as_bob: Client, call: Call) -> None:
    state = call(as_bob, "post", f"/api/contests/{marathon.pk}/attempts", {}).json()
    path = f"/api/attempts/{state['id']}"
    option = shown(Attempt.objects.get(), right=True) + 1
    state = call(as_bob, "post", f"{path}/answers", {"questionId": state["question"]["id"], "option": option}).json()
    assert (state["state"], state["last"]["correct"], state["score"], state["multiplier"]) == (
        "between",
        True,
        1000,
        11,
    )
    for _ in range(2):
        state = call(as_bob, "post", f"{path}/next", {"after": 1}).json()
        assert (state["state"], state["asked"], state["livesLeft"]) == ("question", 2, 3)


def test_the_organiser_sets_dates_and_everything_else_over_the_api(
    as_alice: Client, call: Call, bank: object, bob: User
) -> None:
    body = {
        "name": "Finals", "contestType": "standard", "questionCount": 5, "opensAt": "2030-06-02T08:00:00Z",
        "closesAt": "2030-06-02T20:00:00+02:00", "timing": "both", "totalTime": 300, "resultsShown": "at_once",
        "scoreboard": "frozen", "freezeMinutes": 15, "entry": "list", "allowedPeople": ["Bob"], "access": "accounts",
    }  # fmt: skip
    made = call(as_alice, "post", "/api/contests", body).json()
    assert (made["status"], made["closesAt"], made["totalTime"]) == ("scheduled", "2030-06-02T18:00:00Z", 300)
    assert (made["allowedPeople"], made["entry"], made["pin"] is not None) == (["bob"], "list", True)
    late = call(as_alice, "patch", f"/api/contests/{made['id']}", {"closesAt": "2030-06-02T07:00:00Z"})
    assert (late.status_code, late.json()["error"]) == (422, "bad_dates")


def test_extra_time_and_attempts_over_the_api(
    standard: Contest, as_alice: Client, as_bob: Client, bob: User, call: Call
) -> None:
    call(as_bob, "post", f"/api/contests/{standard.pk}/participants", {})
    path = f"/api/contests/{standard.pk}/participants/{bob.pk}"
    [row] = call(as_alice, "patch", path, {"extraPercent": 25, "extraAttempts": 1}).json()["participants"]
    assert (row["state"], row["extraPercent"], row["extraAttempts"]) == ("waiting", 25, 1)
    assert call(as_alice, "patch", path, {"extraPercent": 1000}).status_code == 422
    assert call(as_bob, "patch", path, {"extraPercent": 25}).status_code == 404


def test_voiding_over_the_api(standard: Contest, as_alice: Client, as_bob: Client, call: Call, clock: Clock) -> None:
    path = f"/api/contests/{standard.pk}/questions/2/void"
    assert call(as_bob, "post", path).status_code == 404
    questions = call(as_alice, "post", path).json()["questions"]
    assert [question["voided"] for question in questions] == [False, True, False, False]
    assert call(as_alice, "post", path.replace("/2/", "/9/")).status_code == 404
    clock.move_to(NOON + 2 * HOUR)
    assert call(as_bob, "get", f"/api/contests/{standard.pk}/board").json()["voidedQuestions"] == [2]
