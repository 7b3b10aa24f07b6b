"""Where the links in invitations lead."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from momentum.game.names import NameRefused
from momentum.web import shown_names
from momentum.web.invitations import queries, seats, tokens
from momentum.web.invitations.models import Invitation
from momentum.web.invitations.seats import Door
from momentum.web.invitations.status import lets_in
from momentum.web.play import misses, people
from momentum.web.play.forms import NameForm
from momentum.web.play.people import Person
from momentum.web.refusals import Refusal


@require_http_methods(["GET", "POST"])
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """To who has a seat, the way to it; to an account that has none, the same, since it takes the seat by coming. To
    all others a page that asks: mail scanners follow links too, but they are not logged in."""
    found = _found(token)
    if found is None:
        return _nowhere(request)
    who = people.person(request)
    door = seats.door(found, who)
    if door is Door.FREE and request.method == "POST":
        return _accept(request, found, token, who)
    if door is Door.FREE and who and not who.is_guest:
        return _accept_as(request, found, token, who)
    match door:
        case Door.ORGANISER:
            return redirect("invitations", found.contest_id)
        case Door.YOURS:
            return _go_in(request, found, who or seats.guest_of(found))
        case Door.GUEST_SEAT:
            return _remembering(_go_in(request, found, seats.guest_of(found)), seats.guest_of(found))
    seats.note_opened(found)
    return _page(request, found, token, who, NameForm(initial={"name": _usable(found.name)}))


@require_POST
@never_cache
def decline(request: HttpRequest, token: str) -> HttpResponseBase:
    found = _found(token)
    if found is None:
        return _nowhere(request)
    try:
        seats.decline(found)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("invitation", token)


def _found(token: str) -> Invitation | None:
    """What a link leads to that still counts: unknown, expired and revoked ones look alike."""
    found = tokens.find(token)
    return found if found and lets_in(found, timezone.now()) else None


def _accept(request: HttpRequest, found: Invitation, token: str, who: Person | None) -> HttpResponseBase:
    """By who is not logged in, as a guest: under the id of this browser, unless that one has another seat here."""
    if who is None or who.is_guest:
        form = NameForm(request.POST)
        if not form.is_valid():
            return _page(request, found, token, who, form, status=400)
        name = form.cleaned_data["name"]
        is_seated = who is not None and seats.is_seated(found.contest, who.user_id)
        who = people.new_guest(name) if is_seated else people.guest_named(request, name)
    return _accept_as(request, found, token, who)


def _accept_as(request: HttpRequest, found: Invitation, token: str, who: Person) -> HttpResponseBase:
    try:
        seats.take(found, who)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        form = NameForm(initial={"name": who.username})
        return _page(request, found, token, who, form, status=refusal.status)
    return _remembering(redirect("invitation", token), who)


def _go_in(request: HttpRequest, found: Invitation, who: Person) -> HttpResponseBase:
    """Into the contest; to a game that is not open yet, a page that waits for it and asks every few seconds."""
    contest = found.contest
    if not contest.is_live:
        return redirect("lobby", contest.pk)
    asks = "HX-Request" in request.headers
    if game_id := seats.open_game(contest):
        to_game = redirect("game", game_id)
        return HttpResponse(headers={"HX-Redirect": to_game.url}) if asks else to_game
    if asks:
        return HttpResponse(status=204)
    if game_id := seats.played_game(contest, who.user_id):
        return redirect("results", game_id)
    page = {"page": queries.link_page(found, who), "who": who}
    return render(request, "invitations/waiting.html", page)


def _remembering(response: HttpResponseBase, who: Person) -> HttpResponseBase:
    if who.is_guest:
        people.remember(response, who)
    return response


def _page(
    request: HttpRequest, found: Invitation, token: str, who: Person | None, form: NameForm, status: int = 200
) -> HttpResponse:
    context = {"page": queries.link_page(found, who), "form": form, "token": token}
    return render(request, "invitations/invitation.html", context, status=status)


def _nowhere(request: HttpRequest) -> HttpResponse:
    try:
        misses.count(request)
    except misses.TooManyMisses as refusal:
        return render(request, "invitations/too_many_links.html", status=refusal.status)
    return render(request, "invitations/no_invitation.html", status=404)


def _usable(name: str) -> str:
    """The name that the organiser gave, if one can play under it."""
    try:
        return shown_names.clean(name)
    except NameRefused:
        return ""
