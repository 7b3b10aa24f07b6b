"""The host's page: its views."""

from dataclasses import replace
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from momentum.web.accounts.models import User
from momentum.web.attempts import access
from momentum.web.attempts import views as attempts
from momentum.web.contests import queries as contests
from momentum.web.contests.models import Contest
from momentum.web.contests.views import own_contest
from momentum.web.play import actions, people, pins, queries
from momentum.web.play.actions import OpenedPin
from momentum.web.play.queries import LobbyPage, lobby_page
from momentum.web.play.views import allow_websocket
from momentum.web.questions.queries import TooFewQuestions
from momentum.web.refusals import Refusal


@require_safe
def lobby(request: HttpRequest, contest_id: UUID) -> HttpResponse:
    """The page of a contest of any type, under one address."""
    contest = access.contest_for(contest_id, people.person(request))
    return attempts.lobby(request, contest) if contest else live_lobby(request, contest_id)


@login_required
def live_lobby(request: HttpRequest, contest_id: UUID) -> HttpResponse:
    """The host's. Looking at it opens the contest's game, unless the last one has been played to its end."""
    assert isinstance(request.user, User)
    pins.open_pins(request.user.pk)
    contest = own_contest(request, contest_id)
    newest = pins.newest(contest)
    if newest and newest.retired_at and newest.played:
        return render(request, "play/lobby.html", {"page": lobby_page(contest, "over")})
    try:
        opened = actions.open_game(contest)
    except Refusal as refusal:
        return _refused(request, contest, refusal)
    return _open(request, contest, opened) if opened else redirect("lobby", contest_id)


@require_POST
@login_required
def play_again(request: HttpRequest, contest_id: UUID) -> HttpResponse:
    """Another game of a contest whose last one is over."""
    contest = own_contest(request, contest_id)
    try:
        actions.open_game(contest)
    except Refusal as refusal:
        return _refused(request, contest, refusal)
    return redirect("lobby", contest_id)


def _open(request: HttpRequest, contest: Contest, opened: OpenedPin) -> HttpResponse:
    assert isinstance(request.user, User)
    page = lobby_page(contest, "open", game=queries.lobby_game(request, opened))
    page = replace(page, contest=replace(page.contest, is_live=True, pin=opened.pin.code))
    data = queries.script_data(request, opened.pin, people.of_account(request.user), "host")
    return allow_websocket(request, render(request, "play/lobby.html", {"page": page, "data": data}))


def _refused(request: HttpRequest, contest: Contest, refusal: Refusal) -> HttpResponse:
    page = _refused_page(request, contest, refusal)
    return render(request, "play/lobby.html", {"page": page, "refusal": str(refusal)}, status=refusal.status)


def _refused_page(request: HttpRequest, contest: Contest, refusal: Refusal) -> LobbyPage:
    assert isinstance(request.user, User)
    if isinstance(refusal, TooFewQuestions):
        return lobby_page(contest, refusal.error, available=refusal.available, wanted=refusal.wanted)
    if isinstance(refusal, pins.TooManyGames):
        live = tuple(card for card in contests.cards_of(request.user) if card.is_live)
        return lobby_page(contest, refusal.error, active=live)
    return lobby_page(contest, "unreachable")
