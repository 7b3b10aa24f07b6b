"""Results over REST. Strangers find none, and nobody finds those of what is still open."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from ninja import Query, Router, Status

from momentum.web import addresses
from momentum.web.api import auth
from momentum.web.api.auth import NOT_FOR_KEYS, accounts, people_and_keys
from momentum.web.api.schemas import Answer, Problem
from momentum.web.api_keys.scopes import Scope
from momentum.web.results import files, queries, sharing, sources
from momentum.web.results.report import Report
from momentum.web.results.sources import Found

PAGE = 100

After = Annotated[int, Query(ge=0, le=10**9, description="`next` of the page before; none for the first page.")]
Limit = Annotated[int, Query(ge=1, le=PAGE)]


class BoardRowAnswer(Answer):
    """`rank` null: removed by the host."""

    player: str
    rank: int | None
    name: str
    score: int
    correct_count: int
    answer_count: int
    correct_seconds: float
    is_you: bool
    is_host: bool


class ResultsAnswer(Answer):
    """`id`: of the game, or of a contest played alone. `next`: where the board's next page begins, null on the last."""

    id: UUID
    contest_id: UUID
    name: str
    contest_type: str
    ended_at: datetime
    is_organiser: bool
    player_count: int
    rows: list[BoardRowAnswer]
    you: BoardRowAnswer | None
    next: int | None


class OptionAnswer(Answer):
    text: str
    count: int
    correct: bool
    yours: bool


class QuestionAnswer(Answer):
    """`sentence`: how it went, in words. `voided`: without points."""

    number: int
    text: str
    category: str
    difficulty: str
    explanation: str
    options: list[OptionAnswer]
    answered: int
    not_answered: int
    correct_percent: int | None
    your_points: int | None
    voided: bool
    sentence: str


class QuestionsAnswer(Answer):
    questions: list[QuestionAnswer]


class GivenAnswer(Answer):
    """`number` counts the questions that this player was asked; `questionNumber` is that of .../questions. `answer`
    null: nothing in time. `creditMs`: taken off the time for the network."""

    number: int
    question_number: int
    question: str
    category: str
    answer: str | None
    right_answer: str
    correct: bool
    points: int
    seconds: float
    credit_ms: int
    voided: bool


class PlayerAnswer(Answer):
    player: BoardRowAnswer
    answers: list[GivenAnswer]


class LinkAnswer(Answer):
    """`url` is told once, when the link is made."""

    url: str | None
    created_at: datetime


router = Router(tags=["results"], by_alias=True)


@router.get(
    "/results/{uuid:source_id}",
    auth=people_and_keys(Scope.RESULTS_READ),
    response={200: ResultsAnswer, 401: Problem, 404: Problem, 422: Problem},
    summary="The board of a game that is over, or of a contest that has closed",
)
def results(request: HttpRequest, source_id: UUID, after: After = 0, limit: Limit = PAGE) -> ResultsAnswer:
    found, report = _over(request, source_id)
    who = auth.caller(request).user_id
    lines = report.participants(after, limit + 1)
    own = report.participant(who)
    return ResultsAnswer(
        id=source_id,
        contest_id=report.contest.pk,
        name=report.name,
        contest_type=report.contest_type,
        ended_at=report.ended_at,
        is_organiser=found.is_organiser,
        player_count=report.participant_count(),
        rows=[_row(row) for row in queries.board_rows(report, lines[:limit], who, sees_all=False)],
        you=_row(queries.board_rows(report, [own], who, sees_all=False)[0]) if own else None,
        next=lines[limit - 1].place if len(lines) > limit else None,
    )


@router.get(
    "/results/{uuid:source_id}/questions",
    auth=people_and_keys(Scope.RESULTS_READ),
    response={200: QuestionsAnswer, 401: Problem, 404: Problem},
    summary="How each question went",
)
def questions(request: HttpRequest, source_id: UUID) -> QuestionsAnswer:
    _found, report = _over(request, source_id)
    summaries = queries.question_summaries(report, auth.caller(request).user_id)
    return QuestionsAnswer(questions=[QuestionAnswer.model_validate(one) for one in summaries])


@router.get(
    "/results/{uuid:source_id}/players/{player}",
    auth=people_and_keys(Scope.RESULTS_READ),
    response={200: PlayerAnswer, 401: Problem, 404: Problem},
    summary="Each answer of one player: for the organiser, and for that player",
)
def player_answers(request: HttpRequest, source_id: UUID, player: str) -> PlayerAnswer:
    found, _report = _over(request, source_id)
    page = queries.player_page(found, auth.caller(request).user_id, player)
    if page is None:
        raise Http404
    return PlayerAnswer(
        player=_row(page.row),
        answers=[
            GivenAnswer(
                number=one.number,
                question_number=one.question_number,
                question=one.question,
                category=one.category,
                answer=one.answer or None,
                right_answer=one.right_answer,
                correct=one.correct,
                points=one.points,
                seconds=float(one.seconds),
                credit_ms=one.credit_ms,
                voided=one.voided,
            )
            for one in page.answers
        ],
    )


@router.get(
    "/results/{uuid:source_id}/{table}.csv",
    auth=accounts(Scope.RESULTS_READ),
    response={401: Problem, 404: Problem},
    summary="The table board, questions or answers as CSV, for the organiser",
)
def csv_file(request: HttpRequest, source_id: UUID, table: str) -> HttpResponseBase:
    response = files.csv_file(_own(request, source_id), table)
    if response is None:
        raise Http404
    return response


@router.get(
    "/results/{uuid:source_id}/results.xlsx",
    auth=accounts(Scope.RESULTS_READ),
    response={401: Problem, 404: Problem, 409: Problem},
    summary="All tables as a workbook, for the organiser",
)
def workbook(request: HttpRequest, source_id: UUID) -> HttpResponseBase:
    return files.workbook(_own(request, source_id))


@router.get(
    "/results/{uuid:source_id}/link",
    auth=accounts(NOT_FOR_KEYS),
    response={200: LinkAnswer, 401: Problem, 404: Problem},
    summary="Since when there is a read-only link",
)
def get_link(request: HttpRequest, source_id: UUID) -> LinkAnswer:
    _own(request, source_id)
    link = sharing.link_of(source_id)
    if link is None:
        raise Http404
    return LinkAnswer(url=None, created_at=link.created_at)


@router.post(
    "/results/{uuid:source_id}/link",
    auth=accounts(NOT_FOR_KEYS),
    response={201: LinkAnswer, 401: Problem, 404: Problem},
    summary="Make a read-only link; the one before leads nowhere any more",
)
def make_link(request: HttpRequest, source_id: UUID) -> Status[LinkAnswer]:
    link, token = sharing.make_link(source_id, _own(request, source_id).contest)
    url = addresses.public_origin(request) + reverse("shared_results", args=[token])
    return Status(201, LinkAnswer(url=url, created_at=link.created_at))


@router.delete(
    "/results/{uuid:source_id}/link",
    auth=accounts(NOT_FOR_KEYS),
    response={204: None, 401: Problem, 404: Problem},
    summary="Take the read-only link back",
)
def revoke_link(request: HttpRequest, source_id: UUID) -> Status[None]:
    _own(request, source_id)
    if not sharing.revoke_link(source_id):
        raise Http404
    return Status(204, None)


def _over(request: HttpRequest, source_id: UUID) -> tuple[Found, Report]:
    found = sources.find(source_id, auth.caller(request))
    if found is None or found.report is None:
        raise Http404
    return found, found.report


def _own(request: HttpRequest, source_id: UUID) -> Report:
    found, report = _over(request, source_id)
    if not found.is_organiser:
        raise Http404
    return report


def _row(row: queries.BoardRow) -> BoardRowAnswer:
    return BoardRowAnswer.model_validate(row)
