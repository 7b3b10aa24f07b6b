from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from momentum.web.contests.models import Contest
from momentum.web.invitations.models import Announced, Invitation

from ..cast import post_mails
from .cast import ADA, GRACE, invite
from .conftest import HOUR, Clock

Call = Callable[..., Any]


def path(contest: Contest, *more: object) -> str:
    return "/".join(["/api/contests", str(contest.pk), "invitations", *map(str, more)])


def test_there_is_one_verdict_for_each_address(as_alice: Client, call: Call, standard: Contest, bob: object) -> None:
    invite(standard, GRACE)
    emails = [f"Ada <{ADA}>", GRACE, "ada@", ADA.upper(), "bob@example.org", ""]
    answer = call(as_alice, "post", path(standard), {"emails": emails, "timeZone": "Europe/Berlin", "language": "de"})
    assert answer.status_code == 200
    body = answer.json()
    verdicts = [verdict["verdict"] for verdict in body["verdicts"]]
    assert verdicts == ["ok", "already_in", "malformed", "duplicate", "ok", "malformed"]
    assert body["sent"] == 2
    first = body["verdicts"][0]
    assert first["invitationId"] == str(Invitation.objects.get(address=ADA).pk)
    assert (first["email"], first["reason"]) == (ADA, None)
    assert body["verdicts"][2]["reason"] == "Nothing stands after the @."
    assert "bob@example.org" in str(body["verdicts"][4]), "whether somebody has an account makes no difference"
    again = call(as_alice, "post", path(standard), {"emails": [ADA]}).json()
    assert (again["sent"], again["verdicts"][0]["verdict"]) == (0, "already_in")
    assert Announced.objects.get().time_zone == "Europe/Berlin"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"emails": []},
        {"emails": "ada@example.org"},
        {"emails": [ADA], "language": "tlh"},
        {"emails": [ADA], "timeZone": "Mars"},
        {"emails": [ADA], "message": "a" * 1001},
        {"emails": [ADA], "template": "x"},
    ],
)
def test_a_wrong_body_is_refused(body: dict[str, object], as_alice: Client, call: Call, standard: Contest) -> None:
    answer = call(as_alice, "post", path(standard), body)
    assert (answer.status_code, answer.json()["error"]) == (422, "invalid")
    assert not Invitation.objects.exists()


def test_the_list_can_be_read_and_each_one_changed(
    as_alice: Client, call: Call, standard: Contest, clock: Clock
) -> None:
    ada, _grace = invite(standard, ADA, GRACE)
    post_mails()
    clock.shift(2 * HOUR)
    listed = call(as_alice, "get", path(standard)).json()
    assert (listed["total"], listed["counts"], listed["pages"]) == (2, {"sent": 2}, 1)
    assert {one["email"] for one in listed["invitations"]} == {ADA, GRACE}
    assert call(as_alice, "post", path(standard, ada.pk, "revoke")).json()["status"] == "revoked"
    assert [one["email"] for one in call(as_alice, "get", path(standard) + "?status=sent").json()["invitations"]] == [
        GRACE
    ]
    assert call(as_alice, "post", path(standard, ada.pk, "again")).json()["status"] == "queued"
    refused = call(as_alice, "post", path(standard, ada.pk, "again"))
    assert (refused.status_code, refused.json()["error"]) == (409, "not_again")
    assert call(as_alice, "post", path(standard, "remind")).json() == {"reminded": 0}


def test_a_strangers_invitations_are_not_there(as_bob: Client, call: Call, standard: Contest) -> None:
    [ada] = invite(standard, ADA)
    assert call(as_bob, "get", path(standard)).status_code == 404
    assert call(as_bob, "post", path(standard), {"emails": [GRACE]}).status_code == 404
    assert call(as_bob, "post", path(standard, ada.pk, "revoke")).status_code == 404
    assert call(as_bob, "post", path(standard, "remind")).status_code == 404
