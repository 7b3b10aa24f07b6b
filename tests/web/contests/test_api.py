from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from momentum.web.accounts.models import User
from momentum.web.contests.actions import ContestSettings, create_contest
from momentum.web.contests.models import Contest
from momentum.web.questions.models import Question

from ..cast import end_game, open_pin

Call = Callable[..., Any]


def test_a_contest_is_set_up_with_the_dashboards_defaults(as_alice: Client, bank: list[Question], call: Call) -> None:
    body = {"name": "Friday quiz", "contestType": "quick_fire", "difficulty": "mixed", "questionCount": 5}
    answer = call(as_alice, "post", "/api/contests", body)
    assert answer.status_code == 201
    contest = answer.json()
    assert {name: contest[name] for name in body} == body
    assert (contest["status"], contest["pace"], contest["maxPlayers"], contest["hostPlays"]) == (
        "ready",
        "everyone",
        100,
        False,
    )
    assert (contest["intermission"], contest["questionTimer"], contest["access"]) == (6, 15, "anyone")
    assert (contest["pin"], contest["gameId"], contest["plannedAt"], contest["gamesPlayed"]) == (None, None, None, 0)


def test_every_setting_can_be_given(as_alice: Client, bank: list[Question], call: Call) -> None:
    body = {
        "name": "All set", "contestType": "standard", "difficulty": "easy", "questionCount": 2,
        "categories": ["rivers"], "pace": "race", "maxPlayers": 6, "hostPlays": True, "intermission": "host",
        "questionTimer": 30,
        "reveal": "immediate", "lateJoin": False, "access": "accounts", "plannedAt": "2030-01-31T18:00:00Z",
    }  # fmt: skip
    contest = call(as_alice, "post", "/api/contests", body).json()
    assert {name: contest[name] for name in body} == body


def test_a_contest_with_too_few_questions_is_a_draft(as_alice: Client, bank: list[Question], call: Call) -> None:
    body = {"name": "Big", "questionCount": 50}
    assert call(as_alice, "post", "/api/contests", body).json()["status"] == "draft"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", "   "), ("name", "x" * 81), ("name", "nul\x00"), ("name", "bidi\u202e"), ("name", 7),
        ("name", None), ("contestType", "blitz"), ("contestType", None), ("difficulty", "HARD"), ("questionCount", 0),
        ("questionCount", 51), ("questionCount", -1), ("questionCount", True), ("questionCount", "5"),
        ("questionCount", 5.0), ("questionCount", 10**400), ("questionCount", None), ("maxPlayers", 10_001),
        ("maxPlayers", 0), ("hostPlays", 1), ("hostPlays", "true"), ("intermission", 0), ("intermission", True),
        ("intermission", "never"), ("intermission", None), ("questionTimer", 4), ("questionTimer", 301),
        ("categories", ["no-such"]), ("categories", "rivers"), ("categories", [1]), ("categories", None),
        ("categories", ["nul\0"]),
        ("plannedAt", "tomorrow"), ("plannedAt", 1_900_000_000), ("plannedAt", "2030-01-31T18:00:00"),
        ("access", "nobody"), ("reveal", "never"), ("lateJoin", []),
    ],
)  # fmt: skip
def test_values_that_break_the_rules_are_refused(
    as_alice: Client, bank: list[Question], call: Call, field: str, value: object
) -> None:
    answer = call(as_alice, "post", "/api/contests", {"name": "Fine", field: value})
    assert answer.status_code == 422
    assert answer.json()["error"] in ("invalid", "unknown_category")
    assert answer.json()["message"]
    assert not Contest.objects.exists()


@pytest.mark.parametrize(
    "field", ["owner", "ownerId", "status", "private", "id", "is_staff", "question_count", "score"]
)
def test_unknown_fields_are_refused(as_alice: Client, contest: Contest, call: Call, field: str) -> None:
    for method, path in (("post", "/api/contests"), ("patch", f"/api/contests/{contest.pk}")):
        answer = call(as_alice, method, path, {"name": "Fine", field: "played"})
        assert answer.status_code == 422
        assert answer.json()["fields"] == [{"field": field, "message": "Extra inputs are not permitted"}]
    assert Contest.objects.get().name == "Friday quiz"


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"x"', '{"name": NaN}', '{"name": "\\ud800"}', "[" * 5000])
def test_bodies_that_are_no_object_are_refused(as_alice: Client, body: str) -> None:
    answer = as_alice.post("/api/contests", body, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert answer.json()["error"] in ("unreadable", "invalid")


def test_forms_are_no_json(as_alice: Client) -> None:
    assert as_alice.post("/api/contests", {"name": "Fine"}).json()["error"] == "unreadable"
    assert as_alice.post("/api/contests", '{"name": "Fine"}', content_type="text/plain").status_code == 400


def test_the_list_has_the_own_contests_newest_first(
    as_alice: Client,
    alice: User,
    charlie: User,
    contest: Contest,
    call: Call,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    create_contest(charlie, ContestSettings(name="Charlie's"))
    for number in range(3):
        create_contest(alice, ContestSettings(name=f"Later {number}", categories=("rivers",)))
    pin = open_pin(contest)
    with django_assert_max_num_queries(8):
        listed = call(as_alice, "get", "/api/contests").json()
    assert [one["name"] for one in listed["contests"]] == ["Later 2", "Later 1", "Later 0", "Friday quiz"]
    assert listed["total"] == 4
    assert (listed["contests"][3]["pin"], listed["contests"][3]["gameId"]) == (pin.code, str(pin.game_id))
    assert [one["name"] for one in call(as_alice, "get", "/api/contests?offset=1&limit=1").json()["contests"]] == [
        "Later 1"
    ]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "offset=-1", "limit=x"])
def test_pages_of_the_list_have_bounds(as_alice: Client, call: Call, query: str) -> None:
    assert call(as_alice, "get", f"/api/contests?{query}").status_code == 422


def test_no_answer_has_an_address_or_a_question(as_alice: Client, contest: Contest, call: Call) -> None:
    text = (
        call(as_alice, "get", "/api/contests").content.decode()
        + call(as_alice, "get", f"/api/contests/{contest.pk}").content.decode()
    )
    assert "@" not in text
    assert "Because" not in text
    assert "opening" not in text


def test_a_contest_is_changed_where_fields_are_given(as_alice: Client, contest: Contest, call: Call) -> None:
    path = f"/api/contests/{contest.pk}"
    changed = call(as_alice, "patch", path, {"name": "Renamed", "intermission": "host", "categories": ["towns"]}).json()
    assert (changed["name"], changed["intermission"], changed["categories"]) == ("Renamed", "host", ["towns"])
    assert changed["questionCount"] == 3
    assert call(as_alice, "get", path).json() == changed
    assert call(as_alice, "patch", path, {"questionCount": 40}).json()["status"] == "draft"
    assert call(as_alice, "patch", path, {"questionCount": 3, "plannedAt": None}).json()["status"] == "ready"


def test_a_contest_is_deleted(as_alice: Client, contest: Contest, call: Call) -> None:
    path = f"/api/contests/{contest.pk}"
    assert call(as_alice, "delete", path).status_code == 204
    assert call(as_alice, "get", path).status_code == 404
    assert not Contest.objects.exists()


def test_a_contest_with_an_open_game_is_not_deleted(as_alice: Client, contest: Contest, bob: User, call: Call) -> None:
    pin = open_pin(contest)
    path = f"/api/contests/{contest.pk}"
    refused = call(as_alice, "delete", path)
    assert (refused.status_code, refused.json()["error"]) == (409, "game_open")
    end_game(pin, bob)
    assert call(as_alice, "delete", path).status_code == 204
    assert call(as_alice, "get", path).status_code == 404
    assert Contest.objects.get().deleted_at is not None


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_a_strangers_contest_is_not_there(as_charlie: Client, contest: Contest, call: Call, method: str) -> None:
    body = {"name": "Mine now"} if method == "patch" else None
    answers = [call(as_charlie, method, f"/api/contests/{id_}", body) for id_ in (contest.pk, uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert Contest.objects.get().name == "Friday quiz"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/api/contests"),
        ("post", "/api/contests"),
        ("get", "/api/contests/{}"),
        ("patch", "/api/contests/{}"),
        ("delete", "/api/contests/{}"),
    ],
)
def test_nobody_gets_in_without_an_account(
    anyone: Client, contest: Contest, call: Call, method: str, path: str
) -> None:
    answer = call(anyone, method, path.format(contest.pk), {"name": "x"} if method in ("post", "patch") else None)
    assert (answer.status_code, answer.json()["error"]) == (401, "not_signed_in")


def test_changes_need_a_csrf_token(alice: User, contest: Contest, call: Call) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice, "allauth.account.auth_backends.AuthenticationBackend")
    for method, path, body in (
        ("post", "/api/contests", {"name": "x"}),
        ("patch", f"/api/contests/{contest.pk}", {"name": "x"}),
        ("delete", f"/api/contests/{contest.pk}", None),
    ):
        refused = call(strict, method, path, body)
        assert (refused.status_code, refused.json()["error"]) == (403, "csrf")
    assert call(strict, "get", "/api/contests").status_code == 200
    strict.get("/dashboard/contest/new")
    token = strict.cookies["csrftoken"].value
    assert (
        call(strict, "patch", f"/api/contests/{contest.pk}", {"name": "x"}, headers={"X-CSRFToken": token}).status_code
        == 200
    )


@pytest.mark.parametrize(
    ("method", "path"), [("put", "/api/contests"), ("post", "/api/contests/{}"), ("put", "/api/contests/{}")]
)
def test_other_methods_are_refused_in_json(
    as_alice: Client, contest: Contest, call: Call, method: str, path: str
) -> None:
    answer = call(as_alice, method, path.format(contest.pk), {})
    assert (answer.status_code, answer.json()["error"]) == (405, "method_not_allowed")
    assert answer["Allow"]


def test_an_id_that_is_none_is_not_there(as_alice: Client, call: Call) -> None:
    answer = call(as_alice, "get", "/api/contests/7")
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")


@pytest.mark.parametrize("field", ["opensAt", "closesAt", "plannedAt"])
@pytest.mark.parametrize("instant", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "3000-01-01T00:00:00Z"])
def test_dates_that_no_zone_can_write_are_refused(as_alice: Client, call: Call, field: str, instant: str) -> None:
    answer = call(as_alice, "post", "/api/contests", {"name": "X", "contestType": "standard", field: instant})
    assert answer.status_code == 422
    assert "Choose a date in the years 2000 to 2999." in answer.content.decode()


@pytest.mark.parametrize("person", ["a" * 5000, "a\0b"])
def test_a_list_has_lines_that_can_be_kept(as_alice: Client, bank: list[Question], call: Call, person: str) -> None:
    body = {"name": "X", "contestType": "standard", "questionCount": 1, "entry": "list", "allowedPeople": [person]}
    answer = call(as_alice, "post", "/api/contests", body)
    assert (answer.status_code, answer.json()["error"]) == (422, "unusable_person")
    assert call(as_alice, "get", "/api/contests").json()["total"] == 0


def test_a_page_far_behind_the_last_is_refused(as_alice: Client, call: Call) -> None:
    assert call(as_alice, "get", f"/api/contests?offset={10**20}").status_code == 422
