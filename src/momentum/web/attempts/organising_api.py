"""An organiser's calls: how a contest goes, and what can be done about it. A stranger's contest is not there."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Query, Router, Status

from momentum.web.api import auth
from momentum.web.api.auth import accounts
from momentum.web.api.schemas import Offset, Problem
from momentum.web.api_keys.scopes import Scope
from momentum.web.attempts import organising, progress, schemas
from momentum.web.attempts.organiser_page import question_rows
from momentum.web.contests import queries as contests
from momentum.web.contests.models import Contest
from momentum.web.contests.status import status_at

READ, WRITE = accounts(Scope.CONTESTS_READ), accounts(Scope.CONTESTS_WRITE)
router = Router(tags=["organising"], by_alias=True)
CONTEST = "/contests/{uuid:contest_id}"
REFUSED = {404: Problem, 409: Problem}
PAGE = 100


@router.get(
    CONTEST + "/progress", auth=READ, response={200: schemas.Progress, 404: Problem}, summary="How far everybody is"
)
def get_progress(
    request: HttpRequest,
    contest_id: UUID,
    offset: Offset = 0,
    limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE,
) -> schemas.Progress:
    return _progress(_own(request, contest_id), offset, limit)


@router.get(
    CONTEST + "/questions", auth=READ, response={200: schemas.Key, 404: Problem}, summary="The questions and their keys"
)
def get_questions(request: HttpRequest, contest_id: UUID) -> schemas.Key:
    rows = question_rows(_own(request, contest_id))
    return schemas.Key.model_validate({"questions": [asdict(row) for row in rows]})


@router.post(CONTEST + "/end", auth=WRITE, response={200: schemas.Progress, **REFUSED}, summary="Close it now")
def end(request: HttpRequest, contest_id: UUID) -> schemas.Progress:
    organising.end(_own(request, contest_id))
    return _progress(_own(request, contest_id))


@router.post(CONTEST + "/archive", auth=WRITE, response={204: None, **REFUSED}, summary="Archive a closed contest")
def archive(request: HttpRequest, contest_id: UUID) -> Status[None]:
    organising.archive(_own(request, contest_id))
    return Status(204, None)


@router.delete(CONTEST + "/archive", auth=WRITE, response={204: None, **REFUSED}, summary="Take it out of the archive")
def unarchive(request: HttpRequest, contest_id: UUID) -> Status[None]:
    organising.unarchive(_own(request, contest_id))
    return Status(204, None)


@router.post(
    CONTEST + "/questions/{int:position}/void",
    auth=WRITE,
    response={200: schemas.Key, **REFUSED},
    summary="Let a question count for nobody",
    description="All scores are computed anew, and the contest's pages say so.",
)
def void(request: HttpRequest, contest_id: UUID, position: int) -> schemas.Key:
    contest = _own(request, contest_id)
    question = contest.frozen_questions.select_related("contest").filter(position=position).first()
    if question is None:
        raise Http404
    organising.void(question)
    return get_questions(request, contest_id)


@router.patch(
    CONTEST + "/participants/{user_id}",
    auth=WRITE,
    response={200: schemas.Progress, 422: Problem, **REFUSED},
    summary="Extra time and further attempts for one participant",
)
def change_participant(
    request: HttpRequest, contest_id: UUID, user_id: str, payload: schemas.ParticipantChange
) -> schemas.Progress:
    contest = _own(request, contest_id)
    participant = organising.participant(contest, user_id)
    if participant is None:
        raise Http404
    if payload.extra_percent is not None:
        organising.give_extra_time(participant, payload.extra_percent)
    if payload.extra_attempts is not None:
        organising.allow_attempts(participant, payload.extra_attempts)
    return _progress(contest)


def _progress(contest: Contest, offset: int = 0, limit: int = PAGE) -> schemas.Progress:
    counts = progress.counts(contest)
    rows = progress.rows(contest.participants.all(), offset, limit)
    return schemas.Progress.model_validate(
        {
            "status": status_at(contest, timezone.now()).value,
            **asdict(counts),
            "total": counts.total,
            "participants": [asdict(row) for row in rows],
        }
    )


def _own(request: HttpRequest, contest_id: UUID) -> Contest:
    contest = contests.contest_of(auth.caller_account(request), contest_id)
    if contest is None or contest.is_live:
        raise Http404
    return contest
