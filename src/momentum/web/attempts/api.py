"""A player's calls: looking at a contest, coming in, attempts. A contest that one may not see is not there."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from momentum.game import names
from momentum.game.attempt import Verdict
from momentum.web import shown_names
from momentum.web.api import auth
from momentum.web.api.auth import NOT_FOR_KEYS, people_and_keys
from momentum.web.api.schemas import Offset, Problem
from momentum.web.attempts import access, actions, queries, schemas, scoreboard
from momentum.web.attempts.lobby import lobby_of
from momentum.web.attempts.models import Attempt
from momentum.web.attempts.refusals import NameMissing, NotClosedYet
from momentum.web.attempts.views import only_theirs
from momentum.web.contests.models import Contest
from momentum.web.play import people
from momentum.web.play.people import Person
from momentum.web.play.refusals import NameNotUsable
from momentum.web.refusals import Refusal

PAGE = 100


class QuestionNotOpen(Refusal):
    error = "question_not_open"

    def __str__(self) -> str:
        return _("This question is not open. GET the attempt to see which one is.")


class NextNotDue(Refusal):
    error = "next_not_due"

    def __str__(self) -> str:
        return _("The question before is open still, or the attempt is over. GET the attempt to see.")


router = Router(tags=["attempts"], by_alias=True)
CONTEST = "/contests/{uuid:contest_id}"
ATTEMPT = "/attempts/{uuid:attempt_id}"
REFUSED = {404: Problem, 409: Problem}


@router.get(
    CONTEST + "/lobby", auth=None, response={200: schemas.Lobby, 404: Problem}, summary="A contest played alone"
)
def get_lobby(request: HttpRequest, contest_id: UUID) -> schemas.Lobby:
    who = _newcomer(request)
    return schemas.Lobby.model_validate(asdict(lobby_of(_contest(contest_id, who), who)))


@router.post(
    CONTEST + "/participants",
    auth=None,
    response={200: schemas.Place, 403: Problem, 422: Problem, **REFUSED},
    summary="Come in, before it opens or after",
)
def join(
    request: HttpRequest, contest_id: UUID, payload: schemas.EnterRequest, response: HttpResponse
) -> schemas.Place:
    contest, who = _entering(request, contest_id, payload, response)
    place = access.join(contest, who)
    return schemas.Place(contest_id=contest.pk, user_id=place.user_id, username=place.username)


@router.post(
    CONTEST + "/attempts",
    auth=None,
    response={201: schemas.AttemptState, 403: Problem, 422: Problem, **REFUSED},
    summary="Start an attempt, or go on with the one that is running",
    description="The first question opens at once. Coming in and starting are one call for who is not in yet.",
)
def start(
    request: HttpRequest, contest_id: UUID, payload: schemas.EnterRequest, response: HttpResponse
) -> Status[schemas.AttemptState]:
    contest, who = _entering(request, contest_id, payload, response)
    return Status(201, _state(actions.start(contest, who)))


@router.get(
    CONTEST + "/board",
    auth=None,
    response={200: schemas.Board, 404: Problem},
    summary="The board, as far as it is shown",
)
def get_board(
    request: HttpRequest,
    contest_id: UUID,
    offset: Offset = 0,
    limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE,
) -> schemas.Board:
    who = _newcomer(request)
    contest = _contest(contest_id, who)
    for_organiser = who is not None and access.is_organiser(contest, who)
    board = scoreboard.board_at(contest, timezone.now(), for_organiser=for_organiser)
    if board is None:
        raise Http404
    return schemas.Board(
        rows=[_board_row(row, who) for row in board.rows(offset, limit)],
        total=board.count(),
        frozen_at=board.frozen_at,
        voided_questions=list(scoreboard.voided(contest)),
    )


@router.get(
    ATTEMPT,
    auth=people_and_keys(NOT_FOR_KEYS),
    response={200: schemas.AttemptState, 404: Problem},
    summary="One of your attempts",
)
def get_attempt(request: HttpRequest, attempt_id: UUID) -> schemas.AttemptState:
    return _state(_own(request, attempt_id))


@router.post(
    ATTEMPT + "/next",
    auth=people_and_keys(NOT_FOR_KEYS),
    response={200: schemas.AttemptState, **REFUSED},
    summary="Open the next question",
)
def go_on(request: HttpRequest, attempt_id: UUID, payload: schemas.NextRequest) -> schemas.AttemptState:
    with only_theirs():
        attempt, verdict = actions.go_on(attempt_id, payload.after, _person(request))
    if verdict in (Verdict.NOT_OPEN, Verdict.OVER):
        raise NextNotDue
    return _state(attempt)


@router.post(
    ATTEMPT + "/answers",
    auth=people_and_keys(NOT_FOR_KEYS),
    response={200: schemas.AttemptState, **REFUSED},
    summary="Answer the open question",
    description="Final. Sent again, or after its time, it changes nothing and gets the attempt as it is.",
)
def answer(request: HttpRequest, attempt_id: UUID, payload: schemas.AnswerRequest) -> schemas.AttemptState:
    number = queries.number_of(attempt_id, payload.question_id)
    if number is None:
        raise QuestionNotOpen
    with only_theirs():
        attempt, verdict = actions.answer(attempt_id, number, payload.option - 1, _person(request))
    if verdict in (Verdict.NOT_OPEN, Verdict.OVER):
        raise QuestionNotOpen
    return _state(attempt)


@router.get(
    ATTEMPT + "/review",
    auth=people_and_keys(NOT_FOR_KEYS),
    response={200: schemas.Review, **REFUSED},
    summary="Your answers, the right ones and explanations, once the contest has closed",
)
def get_review(request: HttpRequest, attempt_id: UUID) -> schemas.Review:
    attempt = _own(request, attempt_id)
    if not scoreboard.is_closed(attempt.contest, timezone.now()):
        raise NotClosedYet
    return schemas.Review.model_validate({"questions": [asdict(question) for question in queries.review(attempt)]})


def _newcomer(request: HttpRequest) -> Person | None:
    """Who is calling a call that is open to anybody, if they are known. Raises KeysRefused, CsrfMissing."""
    auth.refuse_keys(request)
    return auth.person(request)


def _contest(contest_id: UUID, who: Person | None) -> Contest:
    contest = access.contest_for(contest_id, who)
    if contest is None:
        raise Http404
    return contest


def _entering(
    request: HttpRequest, contest_id: UUID, payload: schemas.EnterRequest, response: HttpResponse
) -> tuple[Contest, Person]:
    """The contest and who comes in; a guest who is new gets the cookie."""
    who = _newcomer(request)
    contest = _contest(contest_id, who)
    if who is None or (who.is_guest and access.participant_of(contest, who) is None):
        who = _as_guest(request, payload)
    if who.is_guest:
        people.remember(response, who)
        get_token(request)
    return contest, who


def _as_guest(request: HttpRequest, payload: schemas.EnterRequest) -> Person:
    if payload.username is None:
        raise NameMissing
    try:
        return people.guest_named(request, shown_names.clean(payload.username))
    except names.NameRefused as refused:
        raise NameNotUsable(str(refused)) from refused


def _own(request: HttpRequest, attempt_id: UUID) -> Attempt:
    with only_theirs():
        return actions.look(attempt_id, _person(request))


def _person(request: HttpRequest) -> Person:
    who = request.auth  # type: ignore[attr-defined]
    assert isinstance(who, Person)
    return who


def _state(attempt: Attempt) -> schemas.AttemptState:
    return schemas.AttemptState.model_validate(asdict(queries.attempt_page(attempt)))


def _board_row(row: scoreboard.BoardRow, who: Person | None) -> schemas.BoardRow:
    return schemas.BoardRow.model_validate({**asdict(row), "is_you": who is not None and row.user_id == who.user_id})
