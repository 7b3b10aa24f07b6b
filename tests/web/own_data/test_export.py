import json
import re
from typing import Any

import pytest
from django.test import Client

from momentum.web.accounts.models import User
from momentum.web.api_keys.models import ApiKey
from momentum.web.contests.models import Contest
from momentum.web.mail.models import Mail
from momentum.web.own_data.export import SECTIONS
from momentum.web.questions.models import Question
from momentum.web.results.models import ShareLink
from momentum.web.webhooks.models import Endpoint

from ..conftest import browser
from .life import ADDRESS, NAME, OTHER_ADDRESS, close, live


def data_of(user: User) -> dict[str, Any]:
    answer = browser(user).get("/accounts/data")
    assert answer.status_code == 200
    assert re.fullmatch(r'attachment; filename="momentum-\d{4}-\d\d-\d\d\.json"', answer["Content-Disposition"])
    assert answer["Cache-Control"] == "private, no-store"
    found: dict[str, Any] = json.loads(answer.content)
    return found


@pytest.fixture
def person(alice: User, bank: list[Question]) -> User:
    return live(alice)


def test_every_section_has_what_somebody_left(person: User) -> None:
    data = data_of(person)
    assert {name for name in SECTIONS if not data[name]} == set()
    assert (data["account"]["username"], data["account"]["email"], data["account"]["profile_shared"]) == (
        NAME, ADDRESS, True,
    )  # fmt: skip
    assert {row["email"]: row["verified"] for row in data["addresses"]} == {ADDRESS: True, OTHER_ADDRESS: False}
    assert {row["name"] for row in data["contests"]} == {
        "Their game", "Never played", "Their exam", "Their evening",
    }  # fmt: skip
    assert next(row for row in data["contests"] if row["name"] == "Their exam")["allowed_people"]
    assert [(row["text"], row["answer"]) for row in data["questions"]] == [("Who?", 0)]
    assert {row["to"] for row in data["mails"]} == {
        ADDRESS, OTHER_ADDRESS, "guest@example.com", "guest@example.net",
    }  # fmt: skip
    assert [(row["address"], row["status"]) for row in data["invitations"]] == [("guest@example.net", "queued")]
    assert [row["address"] for row in data["invited"]] == [ADDRESS]
    assert sorted(row["name"] for row in data["games"]) == ["Friday quiz", "Their game"]
    for game in data["games"]:
        assert sum(answer["points"] for answer in game["answers"]) == game["score"]
        assert all(answer["correct"] == (answer["answer"] == answer["right_answer"]) for answer in game["answers"])


def test_no_secret_is_among_it(person: User) -> None:
    text = browser(person).get("/accounts/data").content.decode()
    secrets = [
        person.password,
        ApiKey.objects.get().digest,
        Endpoint.objects.get().secret,
        ShareLink.objects.get().token_hash,
        *(mail.message for mail in Mail.objects.exclude(message="")),
    ]
    assert not [secret for secret in secrets if secret in text or json.dumps(secret)[1:-1] in text]
    assert not re.search(r"password|session_key|digest|seed|token", text.replace("reset_password", ""))


def test_what_came_of_an_attempt_stays_out_until_the_contest_has_closed(person: User) -> None:
    [place] = data_of(person)["attempts"]
    [attempt] = place["attempts"]
    assert place["contest"] == "An exam"
    assert not attempt.keys() & {"score", "correct_count", "misses", "best_streak"}
    assert [answer.keys() & {"correct", "points", "right_answer"} for answer in attempt["answers"]] == [set()]
    close(Contest.objects.get(name="An exam"))
    [place] = data_of(person)["attempts"]
    [attempt] = place["attempts"]
    assert attempt["score"] == sum(answer["points"] for answer in attempt["answers"])
    assert all(answer["right_answer"] for answer in attempt["answers"])


def test_it_is_nobody_elses(person: User, alice: User, anyone: Client) -> None:
    assert NAME not in json.dumps({**data_of(alice), "contests": []})
    assert anyone.get("/accounts/data")["Location"].startswith("/accounts/login/")
    assert browser(person).post("/accounts/data").status_code == 405


def test_an_account_without_anything_has_a_file_too(bob: User) -> None:
    data = data_of(bob)
    assert {name for name in SECTIONS if data[name]} <= {"sessions"}
    assert data["attempts"] == []


def test_the_account_page_leads_there(bob: User) -> None:
    assert 'href="/accounts/data"' in browser(bob).get("/accounts/").content.decode()
