"""An organiser's calls about invitations. A stranger's contest is not there; nothing tells whether an address has an
account."""

from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router

from momentum.web import addresses as hosts
from momentum.web.api import auth
from momentum.web.api.auth import accounts
from momentum.web.api.schemas import Problem
from momentum.web.api_keys.scopes import Scope
from momentum.web.contests import queries as contests
from momentum.web.contests.models import Contest
from momentum.web.invitations import actions, addresses, queries, schemas
from momentum.web.invitations.models import Announced, Invitation
from momentum.web.invitations.posting import Sender
from momentum.web.invitations.queries import InvitationRow

PAGE = 100
READ, WRITE = accounts(Scope.INVITATIONS_READ), accounts(Scope.INVITATIONS_WRITE)
router = Router(tags=["invitations"], by_alias=True)
INVITATIONS = "/contests/{uuid:contest_id}/invitations"
INVITATION = INVITATIONS + "/{uuid:invitation_id}"
REFUSED = {404: Problem, 409: Problem, 429: Problem}


@router.post(
    INVITATIONS,
    auth=WRITE,
    response={200: schemas.Verdicts, 422: Problem, **REFUSED},
    summary="Invite people by mail",
    description="One verdict per address, in the order in which they came. Only those that are ok get a mail. "
    "Sent again, it invites nobody twice.",
)
def invite(request: HttpRequest, contest_id: UUID, payload: schemas.InviteRequest) -> schemas.Verdicts:
    contest = _own(request, contest_id)
    entries = [entry for written in payload.emails for entry in addresses.read(written) or [addresses.blank(written)]]
    judged = queries.judged(contest, entries)
    sent = actions.invite(
        contest,
        judged,
        message=payload.message,
        language=payload.language,
        sender=_sender(request, contest, payload.time_zone),
    )
    ids = {invitation.address: invitation.pk for invitation in sent}
    return schemas.Verdicts(
        verdicts=[
            schemas.AddressVerdict(
                written=entry.written,
                email=entry.address or None,
                verdict=entry.verdict,
                reason=entry.reason or None,
                invitation_id=ids.get(entry.address) if entry.verdict is addresses.Verdict.OK else None,
            )
            for entry in judged
        ],
        sent=len(sent),
    )


@router.get(
    INVITATIONS, auth=READ, response={200: schemas.InvitationList, 404: Problem}, summary="Who is invited, newest first"
)
def list_invitations(
    request: HttpRequest,
    contest_id: UUID,
    status: str = "",
    page: Annotated[int, Query(ge=1)] = 1,
) -> schemas.InvitationList:
    """A hundred on a page."""
    found = queries.invitation_list(_own(request, contest_id), shown=status, page=page, rows=PAGE)
    return schemas.InvitationList(
        invitations=[_answer(row) for row in found.rows],
        counts={count.status: count.count for count in found.counts},
        total=found.total,
        pages=found.pages,
    )


@router.post(
    INVITATION + "/again",
    auth=WRITE,
    response={200: schemas.InvitationAnswer, **REFUSED},
    summary="Send it once more, also one that was revoked or has expired",
)
def send_again(request: HttpRequest, contest_id: UUID, invitation_id: UUID) -> schemas.InvitationAnswer:
    contest = _own(request, contest_id)
    actions.send_again(_invitation(contest, invitation_id), _sender(request, contest))
    return _one(contest, invitation_id)


@router.post(
    INVITATION + "/revoke",
    auth=WRITE,
    response={200: schemas.InvitationAnswer, **REFUSED},
    summary="Revoke it: its links lead nowhere any more",
)
def revoke(request: HttpRequest, contest_id: UUID, invitation_id: UUID) -> schemas.InvitationAnswer:
    contest = _own(request, contest_id)
    actions.revoke(_invitation(contest, invitation_id))
    return _one(contest, invitation_id)


@router.post(
    INVITATIONS + "/remind",
    auth=WRITE,
    response={200: schemas.Reminded, **REFUSED},
    summary="Remind everybody who has not answered for half a day",
)
def remind(request: HttpRequest, contest_id: UUID) -> schemas.Reminded:
    contest = _own(request, contest_id)
    return schemas.Reminded(reminded=actions.remind(contest, _sender(request, contest)))


def _own(request: HttpRequest, contest_id: UUID) -> Contest:
    contest = contests.contest_of(auth.caller_account(request), contest_id)
    if contest is None:
        raise Http404
    return contest


def _invitation(contest: Contest, invitation_id: UUID) -> Invitation:
    invitation = queries.invitation_of(contest, invitation_id)
    if invitation is None:
        raise Http404
    return invitation


def _sender(request: HttpRequest, contest: Contest, time_zone: str | None = None) -> Sender:
    """Without a zone, that of the last time."""
    known = Announced.objects.filter(contest=contest).first()
    zone = time_zone or (known.time_zone if known else "UTC")
    return Sender(auth.caller_account(request), hosts.public_origin(request), zone)


def _one(contest: Contest, invitation_id: UUID) -> schemas.InvitationAnswer:
    [row] = queries.rows_of(contest, [invitation_id])
    return _answer(row)


def _answer(row: InvitationRow) -> schemas.InvitationAnswer:
    return schemas.InvitationAnswer(
        id=row.id,
        email=row.address,
        name=row.name,
        status=row.status,
        reason=row.reason or None,
        at=row.at,
        accepted_as=row.seat or None,
    )
