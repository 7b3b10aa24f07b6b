"""Bodies of the calls about invitations."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import available_timezones

from django.utils.translation import gettext as _
from pydantic import AfterValidator, Field

from momentum.web.api.schemas import Answer, Request
from momentum.web.invitations.actions import MOST_AT_ONCE
from momentum.web.invitations.addresses import Verdict
from momentum.web.invitations.models import LONGEST_MESSAGE
from momentum.web.invitations.status import Status


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(_("Name a time zone such as Europe/Berlin."))
    return name


class InviteRequest(Request):
    """`emails`: addresses, or `Name <address>`. `timeZone`: in which mails write dates; that of the last time where it
    is left out, UTC at first."""

    emails: list[Annotated[str, Field(max_length=1_000)]] = Field(min_length=1, max_length=MOST_AT_ONCE)
    message: str = Field(default="", max_length=LONGEST_MESSAGE)
    language: Literal["en", "de"] = "en"
    time_zone: Annotated[str, AfterValidator(_zone)] | None = None


class AddressVerdict(Answer):
    """`email`: the address as it is used; null where it is none. `reason`: only of `malformed`. `invitationId`: only of
    `ok`."""

    written: str
    email: str | None
    verdict: Verdict
    reason: str | None
    invitation_id: UUID | None


class Verdicts(Answer):
    verdicts: list[AddressVerdict]
    sent: int


class InvitationAnswer(Answer):
    """`reason`: the mail server's words where the mail failed. `at`: since when the status holds. `acceptedAs`: the
    name of who has the seat."""

    id: UUID
    email: str
    name: str
    status: Status
    reason: str | None
    at: datetime
    accepted_as: str | None


class InvitationList(Answer):
    """`counts`: of all, by status."""

    invitations: list[InvitationAnswer]
    counts: dict[str, int]
    total: int
    pages: int


class Reminded(Answer):
    reminded: int
