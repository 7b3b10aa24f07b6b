from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from momentum.web.accounts.models import User
from momentum.web.contests.models import Contest
from momentum.web.leaderboards.actions import share_profile
from momentum.web.play.models import Pin

Call = Callable[..., Any]


def test_a_contests_board(as_alice: Client, as_bob: Client, bob: User, contest: Contest, friday: Pin) -> None:
    path = f"/api/leaderboards/contests/{contest.pk}"
    answer = as_alice.get(path)
    assert answer.status_code == 200
    body = answer.json()
    assert {row["name"] for row in body["rows"]} == {"Bob", "Dana", "Gina"}
    assert (body["period"], body["subject"], body["you"], body["next"]) == ("all", "all", None, None)
    own = as_bob.get(path).json()["you"]
    assert own["isYou"]
    assert own["player"] == str(bob.pk)
    assert set(own) == {
        "player", "rank", "name", "score", "correctCount", "answerCount", "correctSeconds", "plays", "isYou",
    }  # fmt: skip


def test_pages_follow_their_key(as_alice: Client, contest: Contest, friday: Pin) -> None:
    path = f"/api/leaderboards/contests/{contest.pk}"
    whole = as_alice.get(path).json()["rows"]
    found: list[Any] = []
    after: str | None = ""
    while after is not None:
        page = as_alice.get(f"{path}?limit=1&after={after}").json()
        found += page["rows"]
        after = page["next"]
    assert found == whole


def test_an_organisers_board(as_alice: Client, as_bob: Client, alice: User, friday: Pin) -> None:
    path = f"/api/leaderboards/organisers/{alice.pk}"
    for client in (as_alice, as_bob):
        for query in (
            "",
            "?period=month",
            "?period=week",
            "?subject=type:quick_fire",
            "?period=week&subject=type:quick_fire",
        ):
            assert {row["name"] for row in client.get(path + query).json()["rows"]} == {"Bob", "Dana"}
    assert as_alice.get(path, {"period": "2001-01"}).json()["rows"] == []


def test_the_sites_board(as_charlie: Client, bob: User, friday: Pin) -> None:
    assert as_charlie.get("/api/leaderboards/site").json()["rows"] == []
    share_profile(bob, True)
    assert [row["name"] for row in as_charlie.get("/api/leaderboards/site").json()["rows"]] == ["Bob"]


def test_strangers_get_404_and_nobody_401(
    as_charlie: Client, anyone: Client, alice: User, bob: User, contest: Contest, friday: Pin
) -> None:
    for path in (
        f"/api/leaderboards/contests/{contest.pk}",
        f"/api/leaderboards/organisers/{alice.pk}",
        f"/api/leaderboards/contests/{uuid4()}",
        f"/api/leaderboards/organisers/{uuid4()}",
        f"/api/players/{bob.pk}",
    ):
        for query in ("", "?subject=category:Rivers", "?after=1.1.1.1.0", "?period=week&limit=1"):
            assert as_charlie.get(path + query).status_code == 404
            assert anyone.get(path + query).status_code == 401
    for path in ("/api/leaderboards/site", "/api/profile", "/api/profile/history"):
        assert anyone.get(path).status_code == 401


@pytest.mark.parametrize(
    "query",
    [
        "period=day",
        "period=2026-13",
        "period=type:standard",
        "subject=month",
        "subject=type:chess",
        "subject=category:" + "x" * 101,
        "limit=0",
        "limit=101",
        "limit=x",
    ],
)
def test_odd_queries_are_refused(as_alice: Client, alice: User, query: str) -> None:
    assert as_alice.get(f"/api/leaderboards/organisers/{alice.pk}?{query}").status_code == 422


def test_the_own_profile_and_its_switch(as_bob: Client, as_charlie: Client, bob: User, friday: Pin, call: Call) -> None:
    profile = as_bob.get("/api/profile").json()
    assert (profile["username"], profile["shared"], profile["plays"], profile["ratedGames"]) == ("Bob", False, 1, 1)
    assert "email" not in profile
    assert call(as_bob, "patch", "/api/profile", {"shared": True}).json()["shared"]
    assert as_charlie.get(f"/api/players/{bob.pk}").json()["score"] == profile["score"]
    assert call(as_bob, "patch", "/api/profile", {"shared": 1}).status_code == 422
    assert call(as_bob, "patch", "/api/profile", {"shared": False, "score": 5}).status_code == 422
    assert call(as_bob, "patch", "/api/profile", {"shared": False}).json()["shared"] is False
    assert as_charlie.get(f"/api/players/{bob.pk}").status_code == 404


def test_the_own_history(as_bob: Client, friday: Pin) -> None:
    (row,) = as_bob.get("/api/profile/history").json()["rows"]
    assert (row["id"], row["contestName"], row["contestType"]) == (str(friday.game_id), "Friday quiz", "quick_fire")
