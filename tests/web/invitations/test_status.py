from datetime import timedelta
from typing import Any

import pytest

from momentum.web.contests.models import Contest
from momentum.web.invitations import queries
from momentum.web.invitations.models import Invitation
from momentum.web.invitations.status import lets_in, status_of
from momentum.web.mail.models import Mail

from .cast import ADA, invite
from .conftest import DAY, NOON

SEATED = {"accepted_at": NOON, "accepted_by": "guest_" + "a" * 32, "accepted_name": "Ada"}


@pytest.mark.parametrize(
    ("fields", "mail", "status", "counts"),
    [
        ({}, "queued", "queued", True),
        ({}, "sent", "sent", True),
        ({}, "failed", "failed", True),
        ({}, "set_aside", "failed", True),
        ({"opened_at": NOON}, "sent", "opened", True),
        ({"opened_at": NOON}, "queued", "queued", True),
        ({"opened_at": NOON}, "failed", "failed", True),
        ({"expires_at": NOON}, "queued", "expired", False),
        ({"declined_at": NOON, "opened_at": NOON}, "sent", "declined", True),
        ({"declined_at": NOON, "expires_at": NOON}, "sent", "declined", False),
        ({**SEATED, "expires_at": NOON - DAY}, "failed", "accepted", True),
        ({**SEATED, "revoked_at": NOON}, "sent", "revoked", False),
        ({"revoked_at": NOON, "expires_at": NOON}, "sent", "revoked", False),
    ],
)
def test_what_a_person_said_counts_more_than_what_a_mail_did(
    fields: dict[str, Any], mail: str, status: str, counts: bool, standard: Contest
) -> None:
    [invitation] = invite(standard, ADA)
    Mail.objects.update(status=mail, finished_at=None if mail == "queued" else NOON, answer="550 no")
    Invitation.objects.update(**fields)
    invitation = Invitation.objects.get()
    assert status_of(invitation, NOON) == status
    assert lets_in(invitation, NOON) == counts
    [row] = queries.invitation_list(standard, shown=status).rows
    assert (row.status, row.reason) == (status, "550 no" if status == "failed" else "")


def test_a_mail_whose_row_is_gone_was_sent(standard: Contest) -> None:
    [invitation] = invite(standard, ADA)
    Mail.objects.all().delete()
    assert status_of(Invitation.objects.get(pk=invitation.pk), NOON + timedelta(days=1)) == "sent"
