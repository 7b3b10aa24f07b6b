"""The calls on the way into a game: opening one, tickets, joining by PIN."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from ninja import Router

from momentum.game import names
from momentum.web import shown_names
from momentum.web.accounts.models import User
from momentum.web.api import auth
from momentum.web.api.auth import NOT_FOR_KEYS, accounts, people_and_keys
from momentum.web.api.schemas import Problem
from momentum.web.api_keys.scopes import Scope
from momentum.web.attempts import access
from momentum.web.contests import actions as contests
from momentum.web.contests import fields, queries
from momentum.web.contests.actions import ContestSettings
from momentum.web.contests.models import Contest, ContestType
from momentum.web.games import queries as games
from momentum.web.play import actions, admission, misses, people, pins
from momentum.web.play.actions import OpenedPin
from momentum.web.play.models import Pin
from momentum.web.play.people import Person
from momentum.web.play.queries import digits
from momentum.web.play.refusals import (
    AccountNeeded,
    MayNotJoin,
    NameNotUsable,
    SettingsDiffer,
    SettingsMissing,
    UnknownPin,
)
from momentum.web.play.schemas import (
    JoinAnswer,
    JoinRequest,
    LoginTokenAnswer,
    OpenAnswer,
    OpenRequest,
    TokenAnswer,
    TokenRequest,
)
from momentum.web.realtime_client import RealtimeUnavailable

router = Router(tags=["games"], by_alias=True)


@router.post(
    "/contest/create-realtime",
    auth=accounts(Scope.GAMES_WRITE),
    response={200: OpenAnswer, 401: Problem, 404: Problem, 409: Problem, 422: Problem, 503: Problem},
    summary="Open a game",
    description="Idempotent per contest: while its game is open, that one is returned.",
)
def create_realtime(request: HttpRequest, payload: OpenRequest) -> HttpResponse:
    user = auth.caller_account(request)
    opened = _open(user, payload)
    assert opened.pin.game_id is not None
    answer = OpenAnswer(
        contest_id=opened.pin.game_id,
        websocket_url=games.websocket_url(request, str(opened.pin.game_id)),
        pin=opened.pin.code,
    )
    both = {**answer.model_dump(mode="json", by_alias=True), **answer.model_dump(mode="json")}
    return JsonResponse(both)


@router.post(
    "/contest/token",
    auth=people_and_keys(Scope.GAMES_WRITE),
    response={200: TokenAnswer, 401: Problem, 403: Problem, 404: Problem},
    summary="A ticket for a game's WebSocket",
    url_name="contest_token",
)
def contest_token(request: HttpRequest, payload: TokenRequest) -> TokenAnswer:
    who = auth.caller(request)
    pin = pins.of_game(payload.contest_id)
    if pin is None:
        raise Http404
    role = admission.role(who, pin)
    if role is None:
        raise MayNotJoin
    return TokenAnswer(
        token=admission.ticket(who, pin, role),
        websocket_url=games.websocket_url(request, str(pin.game_id)),
        user_id=who.user_id,
        username=who.username,
        role=role,
    )


@router.post(
    "/contest/go-login",
    auth=accounts(NOT_FOR_KEYS),
    response={200: LoginTokenAnswer, 401: Problem},
    summary="A login token of realtime, for your account",
)
def go_login(request: HttpRequest) -> LoginTokenAnswer:
    who = people.of_account(auth.caller_account(request))
    return LoginTokenAnswer(token=admission.login_token(who), user_id=who.user_id, username=who.username)


@router.post(
    "/join",
    auth=None,
    response={200: JoinAnswer, 403: Problem, 404: Problem, 422: Problem, 429: Problem},
    summary="Join a game or a contest by its PIN, as a guest or with your account",
    description="A standard or marathon contest has no WebSocket: go on at /api/contests/{contestId}/attempts. "
    "Needs no CSRF token where no cookie speaks for the caller: there is nothing of theirs to abuse then.",
)
def join(request: HttpRequest, payload: JoinRequest, response: HttpResponse) -> JoinAnswer:
    known = _joining(request)
    pin = pins.by_code(digits(payload.pin))
    if pin is None:
        misses.count(request)
        raise UnknownPin
    who = known if known and not known.is_guest else _as_guest(request, payload)
    answer = _into_game(request, pin, pin.game_id, who) if pin.game_id else _into_contest(pin, who)
    if who.is_guest:
        people.remember(response, who)
        get_token(request)
    return answer


def _into_game(request: HttpRequest, pin: Pin, game_id: UUID, who: Person) -> JoinAnswer:
    role = admission.role(who, pin)
    if role is None:
        raise AccountNeeded
    return JoinAnswer(
        token=admission.ticket(who, pin, role),
        websocket_url=games.websocket_url(request, str(game_id)),
        contest_id=game_id,
        user_id=who.user_id,
        username=who.username,
        contest_type=ContestType.QUICK_FIRE.value,
    )


def _into_contest(pin: Pin, who: Person) -> JoinAnswer:
    place = access.join(pin.contest, who, by_pin=True)
    return JoinAnswer(
        token=None,
        websocket_url=None,
        contest_id=pin.contest_id,
        user_id=who.user_id,
        username=place.username,
        contest_type=pin.contest.contest_type,
    )


def _joining(request: HttpRequest) -> Person | None:
    """Who joins; a cookie of ours, even a stale one, asks for the CSRF token. Keys do not play."""
    auth.refuse_keys(request)
    if "X-Session-Token" not in request.headers and {settings.SESSION_COOKIE_NAME, people.COOKIE} & set(
        request.COOKIES
    ):
        auth.demand_csrf_token(request)
    return auth.person(request)


def _as_guest(request: HttpRequest, payload: JoinRequest) -> Person:
    try:
        return people.guest_named(request, shown_names.clean(payload.username or ""))
    except names.NameRefused as refused:
        raise NameNotUsable(str(refused)) from refused


def _open(user: User, payload: OpenRequest) -> OpenedPin:
    """The open game; one that ended this moment gives way to a new one, since the caller asks for a game."""
    if payload.contest_id is None:
        return _open_private(user, payload)
    contest = queries.contest_of(user, payload.contest_id)
    if contest is None:
        raise Http404
    _demand_same_settings(contest, payload)
    opened = actions.open_game(contest) or actions.open_game(contest)
    if opened is None:
        raise RealtimeUnavailable
    return opened


def _open_private(user: User, payload: OpenRequest) -> OpenedPin:
    if not {"difficulty", "question_count"} <= payload.model_fields_set:
        raise SettingsMissing
    contest = contests.make_private_contest(user, ContestSettings(**_settings(payload, exclude_unset=False)))
    try:
        opened = actions.open_game(contest)
    except RealtimeUnavailable:
        if pin := pins.newest(contest):
            actions.abandon(pin)
        contests.delete_contest(contest)
        raise
    if opened is None:
        raise RealtimeUnavailable
    return opened


def _demand_same_settings(contest: Contest, payload: OpenRequest) -> None:
    now = contests.settings_of(contest)
    if any(getattr(now, name) != value for name, value in _settings(payload, exclude_unset=True).items()):
        raise SettingsDiffer


def _settings(payload: OpenRequest, *, exclude_unset: bool) -> dict[str, Any]:
    return fields.in_settings_terms(payload.model_dump(exclude_unset=exclude_unset, exclude={"contest_id"}))
