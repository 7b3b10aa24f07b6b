"""Leaderboards and profiles over REST. A board that the caller may not see is not there."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router
from pydantic import Field

from momentum.web.api import auth
from momentum.web.api.auth import NOT_FOR_KEYS, accounts, people_and_keys
from momentum.web.api.schemas import Answer, Problem, Request
from momentum.web.api_keys.scopes import Scope
from momentum.web.leaderboards import actions, profiles, queries
from momentum.web.leaderboards.boards import ALL
from momentum.web.leaderboards.queries import Leaderboard

PAGE = 100

After = Annotated[str, Query(max_length=200, description="`next` of the page before; none for the first page.")]
Limit = Annotated[int, Query(ge=1, le=PAGE)]
Period = Annotated[
    str,
    Query(
        pattern=r"^(all|month|week|\d{4}-(0[1-9]|1[0-2])|\d{4}-W(0[1-9]|[1-4]\d|5[0-3]))$",
        description="`all`, `month` or `week` (the present ones, UTC), or one such as 2026-11 or 2026-W48.",
    ),
]
Subject = Annotated[
    str,
    Query(
        pattern=r"^(all|type:(quick_fire|standard|marathon)|category:.{1,100})$",
        description="`all`, `type:quick_fire` or another type, or `category:NAME`.",
    ),
]


class LeaderAnswer(Answer):
    """`rank` null: of your own line, beyond place 10,000."""

    player: str
    rank: int | None
    name: str
    score: int
    correct_count: int
    answer_count: int
    correct_seconds: float
    plays: int
    is_you: bool


class LeaderboardAnswer(Answer):
    """`period`: a present month or week by its own name. `next`: where the next page begins, null on the last one."""

    period: str
    subject: str
    rows: list[LeaderAnswer]
    you: LeaderAnswer | None
    next: str | None


class CategoryAnswer(Answer):
    category: str
    correct_count: int
    answer_count: int
    percent: int


class ProfileAnswer(Answer):
    """Sums over what counts. `rating` null: no game has been rated yet; `provisional`: fewer than five have."""

    user_id: str
    username: str
    shared: bool
    plays: int
    score: int
    correct_count: int
    answer_count: int
    best_streak: int
    rating: int | None
    rated_games: int
    provisional: bool
    categories: list[CategoryAnswer]


class PlayedAnswer(Answer):
    """`id`: of the game, or of the contest played alone. `rating` and `change`: of live games that counted."""

    source_id: UUID = Field(serialization_alias="id")
    contest_name: str
    contest_type: Literal["quick_fire", "standard", "marathon"]
    ended_at: datetime
    rank: int | None
    score: int
    correct_count: int
    answer_count: int
    best_streak: int
    rating: int | None
    change: int | None


class HistoryAnswer(Answer):
    rows: list[PlayedAnswer]
    next: str | None


class ProfileChange(Request):
    shared: bool


router = Router(tags=["leaderboards"], by_alias=True)


@router.get(
    "/leaderboards/site",
    auth=accounts(Scope.RESULTS_READ),
    response={200: LeaderboardAnswer, 401: Problem, 422: Problem},
    summary="Who here shares the profile",
)
def site_leaderboard(
    request: HttpRequest, period: Period = ALL, subject: Subject = ALL, after: After = "", limit: Limit = PAGE
) -> LeaderboardAnswer:
    return _answer(
        queries.leaderboard(
            auth.caller(request), "site", None, period=period, subject=subject, after=after, limit=limit
        )
    )


@router.get(
    "/leaderboards/organisers/{uuid:organiser_id}",
    auth=accounts(Scope.RESULTS_READ),
    response={200: LeaderboardAnswer, 401: Problem, 404: Problem, 422: Problem},
    summary="All contests of an organiser: yours, or one for whom you played",
)
def organiser_leaderboard(
    request: HttpRequest,
    organiser_id: UUID,
    period: Period = ALL,
    subject: Subject = ALL,
    after: After = "",
    limit: Limit = PAGE,
) -> LeaderboardAnswer:
    return _answer(
        queries.leaderboard(
            auth.caller(request), "organiser", organiser_id, period=period, subject=subject, after=after, limit=limit
        )
    )


@router.get(
    "/leaderboards/contests/{uuid:contest_id}",
    auth=people_and_keys(Scope.RESULTS_READ),
    response={200: LeaderboardAnswer, 401: Problem, 404: Problem, 422: Problem},
    summary="A contest, all its games together: yours, or one that you played",
)
def contest_leaderboard(
    request: HttpRequest, contest_id: UUID, after: After = "", limit: Limit = PAGE
) -> LeaderboardAnswer:
    return _answer(queries.leaderboard(auth.caller(request), "contest", contest_id, after=after, limit=limit))


@router.get(
    "/profile", auth=accounts(NOT_FOR_KEYS), response={200: ProfileAnswer, 401: Problem}, summary="Your profile"
)
def own_profile(request: HttpRequest) -> ProfileAnswer:
    return ProfileAnswer.model_validate(profiles.profile(auth.caller_account(request), is_you=True))


@router.patch(
    "/profile",
    auth=accounts(NOT_FOR_KEYS),
    response={200: ProfileAnswer, 401: Problem, 422: Problem},
    summary="Share your profile, or stop sharing it",
)
def change_profile(request: HttpRequest, payload: ProfileChange) -> ProfileAnswer:
    user = auth.caller_account(request)
    actions.share_profile(user, payload.shared)
    return ProfileAnswer.model_validate(profiles.profile(user, is_you=True))


@router.get(
    "/profile/history",
    auth=accounts(NOT_FOR_KEYS),
    response={200: HistoryAnswer, 401: Problem, 422: Problem},
    summary="What you played, newest first",
)
def own_history(request: HttpRequest, after: After = "", limit: Limit = PAGE) -> HistoryAnswer:
    history = profiles.history(auth.caller_account(request), after, limit)
    return HistoryAnswer(rows=[PlayedAnswer.model_validate(row) for row in history.rows], next=history.after or None)


@router.get(
    "/players/{uuid:user_id}",
    auth=accounts(NOT_FOR_KEYS),
    response={200: ProfileAnswer, 401: Problem, 404: Problem},
    summary="A profile that is shared",
)
def player(request: HttpRequest, user_id: UUID) -> ProfileAnswer:
    page = profiles.shared_profile(user_id)
    if page is None:
        raise Http404
    return ProfileAnswer.model_validate(page)


def _answer(board: Leaderboard | None) -> LeaderboardAnswer:
    if board is None:
        raise Http404
    return LeaderboardAnswer(
        period=board.period,
        subject=board.subject,
        rows=[LeaderAnswer.model_validate(row) for row in board.rows],
        you=LeaderAnswer.model_validate(board.you) if board.you else None,
        next=board.after or None,
    )
