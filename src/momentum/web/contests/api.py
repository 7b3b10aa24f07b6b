"""The organiser's own contests over REST. A stranger's contest is not there."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Query, Router, Status
from pydantic import Field

from momentum.web.accounts.models import User
from momentum.web.api import auth
from momentum.web.api.auth import accounts
from momentum.web.api.schemas import Answer, Offset, Problem, Request
from momentum.web.api_keys.scopes import Scope
from momentum.web.contests import actions, fields, queries
from momentum.web.contests.actions import ContestSettings
from momentum.web.contests.models import Contest
from momentum.web.contests.status import status_at
from momentum.web.play import pins

PAGE = 100


class ContestChange(Request):
    """What is left out stays as it is. `intermission`: seconds, or "host": when the host says so.

    From `opensAt` on: of standard and marathon contests. Without `closesAt` one of these stays a draft; without
    `opensAt` it opens at once. `maxRuns`: null for as many as one likes.
    """

    name: fields.Title = ""
    contest_type: fields.ContestKind = "quick_fire"
    difficulty: fields.Difficulty = "mixed"
    categories: list[fields.Slug] = Field(default=[], max_length=100, description="Slugs; none for all.")
    question_count: fields.QuestionCount = 10
    pace: fields.Pace = "everyone"
    max_players: fields.Seats = 100
    host_plays: bool = False
    intermission: fields.Intermission = 6
    question_timer: fields.Timer = 15
    reveal: fields.Reveal = "at_close"
    late_join: bool = True
    access: fields.Access = "anyone"
    planned_at: fields.Instant | None = None
    opens_at: fields.Instant | None = None
    closes_at: fields.Instant | None = None
    timing: fields.Timing = "question"
    total_time: fields.TotalTime = 600
    results_shown: fields.ResultsShown = "after_closing"
    scoreboard: fields.Scoreboard = "visible"
    freeze_minutes: fields.FreezeMinutes = 30
    entry: fields.Entry = "link"
    max_runs: fields.Runs | None = None
    allowed_people: list[str] = Field(
        default=[], max_length=10_000, description="E-mail addresses and names of accounts, where entry is list."
    )

    def given(self) -> dict[str, Any]:
        """The fields that were sent, under the names of ContestSettings."""
        return fields.in_settings_terms(self.model_dump(exclude_unset=True))


class NewContest(ContestChange):
    """Only the name must be given; the rest has the dashboard's defaults."""

    name: fields.Title


class ContestAnswer(Answer):
    """`pin`: of the open game or contest, if there is one; `gameId`: of the game. `status` goes by the dates."""

    id: UUID
    name: str
    contest_type: fields.ContestKind
    status: Literal["draft", "ready", "played", "scheduled", "open", "closed", "archived"]
    difficulty: fields.Difficulty
    categories: list[str]
    question_count: int
    pace: fields.Pace
    max_players: int
    host_plays: bool
    intermission: int | Literal["host"]
    question_timer: int
    reveal: fields.Reveal
    late_join: bool
    access: fields.Access
    planned_at: datetime | None
    opens_at: datetime | None
    closes_at: datetime | None
    timing: fields.Timing
    total_time: int
    results_shown: fields.ResultsShown
    scoreboard: fields.Scoreboard
    freeze_minutes: int
    entry: fields.Entry
    max_runs: int | None
    allowed_people: list[str]
    private: bool
    created_at: datetime
    changed_at: datetime
    games_played: int
    pin: str | None
    game_id: UUID | None


class ContestList(Answer):
    contests: list[ContestAnswer]
    total: int


router = Router(tags=["contests"], by_alias=True)
READ, WRITE = accounts(Scope.CONTESTS_READ), accounts(Scope.CONTESTS_WRITE)


@router.post(
    "/contests", auth=WRITE, response={201: ContestAnswer, 401: Problem, 422: Problem}, summary="Set up a contest"
)
def create_contest(request: HttpRequest, payload: NewContest) -> Status[ContestAnswer]:
    user = auth.caller_account(request)
    contest = actions.create_contest(user, ContestSettings(**payload.given()))
    return Status(201, answer(_own(user, contest.pk)))


@router.get("/contests", auth=READ, response={200: ContestList, 401: Problem}, summary="Your contests, newest first")
def list_contests(
    request: HttpRequest, offset: Offset = 0, limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE
) -> ContestList:
    user = auth.caller_account(request)
    pins.open_pins(user.pk)
    contests = queries.contests_of(user)
    shown = contests.prefetch_related("allowed_people")[offset : offset + limit]
    return ContestList(contests=[answer(one) for one in shown], total=contests.count())


@router.get(
    "/contests/{uuid:contest_id}",
    auth=READ,
    response={200: ContestAnswer, 404: Problem},
    summary="One of your contests",
)
def get_contest(request: HttpRequest, contest_id: UUID) -> ContestAnswer:
    user = auth.caller_account(request)
    pins.open_pins(user.pk)
    return answer(_own(user, contest_id))


@router.patch(
    "/contests/{uuid:contest_id}",
    auth=WRITE,
    response={200: ContestAnswer, 404: Problem, 409: Problem, 422: Problem},
    summary="Change it",
)
def change_contest(request: HttpRequest, contest_id: UUID, payload: ContestChange) -> ContestAnswer:
    user = auth.caller_account(request)
    contest = _own(user, contest_id)
    actions.change_contest(contest, **payload.given())
    return answer(_own(user, contest_id))


@router.delete(
    "/contests/{uuid:contest_id}", auth=WRITE, response={204: None, 404: Problem, 409: Problem}, summary="Delete it"
)
def delete_contest(request: HttpRequest, contest_id: UUID) -> Status[None]:
    user = auth.caller_account(request)
    pins.open_pins(user.pk)
    actions.delete_contest(_own(user, contest_id))
    return Status(204, None)


def answer(contest: Any) -> ContestAnswer:
    """A contest that `queries.contest_of` fetched (its annotations are no part of the model)."""
    plain = {name: getattr(contest, name) for name in ContestAnswer.model_fields if hasattr(contest, name)}
    return ContestAnswer(
        **{
            **plain,
            "categories": sorted(category.slug for category in contest.categories.all()),
            "intermission": "host" if contest.intermission_s is None else contest.intermission_s,
            "status": status_at(contest, timezone.now()).value,
            "question_timer": contest.question_timer_s,
            "total_time": contest.total_time_s,
            "freeze_minutes": contest.freeze_min,
            "allowed_people": sorted(person.who for person in contest.allowed_people.all()),
            "pin": contest.open_pin,
            "game_id": contest.open_game_id,
        }
    )


def _own(user: User, contest_id: UUID) -> Contest:
    contest = queries.contest_of(user, contest_id)
    if contest is None:
        raise Http404
    return contest
