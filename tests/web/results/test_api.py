from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from momentum.web.accounts.models import User
from momentum.web.contests.models import Contest
from momentum.web.play.models import Pin

from ..cast import GINA, end_game, open_pin, saved

Call = Callable[..., Any]
OF_PLAYERS = ("", "/questions")
OF_THE_ORGANISER = ("/board.csv", "/questions.csv", "/answers.csv", "/results.xlsx", "/link")


@pytest.fixture
def pin(contest: Contest, bob: User) -> Pin:
    pin = open_pin(contest)
    end_game(pin, bob, GINA)
    return pin


def path(pin: Pin, more: str = "") -> str:
    return f"/api/results/{pin.game_id}{more}"


def test_the_board(as_alice: Client, as_bob: Client, bob: User, pin: Pin, contest: Contest) -> None:
    body = as_alice.get(path(pin)).json()
    assert [(row["rank"], row["name"], row["score"]) for row in body["rows"]] == [(1, "Bob", 1800), (2, "Gina", 0)]
    assert (body["isOrganiser"], body["you"], body["next"], body["playerCount"]) == (True, None, None, 2)
    assert (body["contestId"], body["contestType"], body["name"]) == (str(contest.pk), "quick_fire", "Friday quiz")
    assert as_bob.get(path(pin)).json()["you"]["player"] == str(bob.pk)


def test_the_board_comes_in_pages(as_alice: Client, pin: Pin) -> None:
    first = as_alice.get(path(pin, "?limit=1")).json()
    second = as_alice.get(path(pin, f"?limit=1&after={first['next']}")).json()
    assert [row["name"] for row in (*first["rows"], *second["rows"])] == ["Bob", "Gina"]
    assert second["next"] is None
    for odd in ("after=-1", "limit=0", "limit=101", "after=x"):
        assert as_alice.get(path(pin, f"?{odd}")).status_code == 422


def test_the_questions(as_bob: Client, pin: Pin) -> None:
    first, second = as_bob.get(path(pin, "/questions")).json()["questions"]
    assert [(option["count"], option["correct"], option["yours"]) for option in first["options"]] == [
        (1, True, True),
        (0, False, False),
        (0, False, False),
        (1, False, False),
    ]
    assert (first["yourPoints"], first["sentence"], second["number"]) == (900, "2 of 2 answered, 1 was right.", 2)


def test_each_answer_of_a_player(as_alice: Client, as_bob: Client, bob: User, pin: Pin) -> None:
    for client in (as_alice, as_bob):
        body = client.get(path(pin, f"/players/{bob.pk}")).json()
        assert body["player"]["name"] == "Bob"
        assert [(one["answer"], one["rightAnswer"], one["points"], one["seconds"]) for one in body["answers"]] == [
            ("one", "one", 900, 2.5),
            ("one", "one", 900, 2.5),
        ]
    assert as_alice.get(path(pin, f"/players/{GINA}")).json()["answers"][0]["answer"] == "four"
    for other in (GINA, uuid4(), "%00", "..", "x" * 300):
        assert as_bob.get(path(pin, f"/players/{other}")).status_code == 404
    for other in (uuid4(), "%00", "x" * 300):
        assert as_alice.get(path(pin, f"/players/{other}")).status_code == 404


def test_exports_are_the_organisers(as_alice: Client, as_bob: Client, pin: Pin) -> None:
    for more in OF_THE_ORGANISER[:4]:
        answer = as_alice.get(path(pin, more))
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["Cache-Control"] == "private, no-store"
        assert saved(answer)
        assert as_bob.get(path(pin, more)).status_code == 404
    assert as_alice.get(path(pin, "/players.csv")).status_code == 404


def test_a_link_is_made_told_once_and_taken_back(
    as_alice: Client, as_bob: Client, anyone: Client, pin: Pin, call: Call
) -> None:
    assert as_alice.get(path(pin, "/link")).status_code == 404
    assert call(as_bob, "post", path(pin, "/link")).status_code == 404
    made = call(as_alice, "post", path(pin, "/link"))
    assert made.status_code == 201
    shared = made.json()["url"].partition("testserver")[2]
    assert anyone.get(shared).status_code == 200
    assert as_alice.get(path(pin, "/link")).json() == {"url": None, "createdAt": made.json()["createdAt"]}
    assert as_bob.delete(path(pin, "/link")).status_code == 404
    assert as_alice.delete(path(pin, "/link")).status_code == 204
    assert as_alice.delete(path(pin, "/link")).status_code == 404
    assert anyone.get(shared).status_code == 404


@pytest.mark.parametrize("more", [*OF_PLAYERS, *OF_THE_ORGANISER, f"/players/{GINA}"])
def test_strangers_get_404_and_nobody_401(as_charlie: Client, anyone: Client, pin: Pin, more: str) -> None:
    for query in ("", "?after=1", "?limit=1"):
        assert as_charlie.get(path(pin, more) + query).status_code == 404
        assert anyone.get(path(pin, more) + query).status_code == 401


@pytest.mark.parametrize("more", [*OF_PLAYERS, *OF_THE_ORGANISER, f"/players/{GINA}"])
def test_nobody_gets_anything_of_a_game_that_is_not_over(
    as_alice: Client, as_bob: Client, contest: Contest, more: str
) -> None:
    pin = open_pin(contest)
    for client in (as_alice, as_bob):
        assert client.get(path(pin, more)).status_code == 404


def test_no_link_is_made_before_the_end(as_alice: Client, contest: Contest, call: Call) -> None:
    assert call(as_alice, "post", path(open_pin(contest), "/link")).status_code == 404
