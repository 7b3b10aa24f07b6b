from uuid import UUID

from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from momentum.web.attempts import access
from momentum.web.games import queries as games
from momentum.web.play import admission, misses, people, pins, queries
from momentum.web.play.forms import JoinByPinForm, NameForm
from momentum.web.play.models import Pin
from momentum.web.play.people import Person
from momentum.web.refusals import Refusal


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "play/home.html", {"form": JoinByPinForm()})


@require_safe
def join_by_pin(request: HttpRequest) -> HttpResponse:
    """Where the PIN form leads."""
    code = queries.digits(request.GET.get("pin", ""))
    return redirect("join", code[:12]) if code else redirect("home")


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, code: str) -> HttpResponseBase:
    pin = pins.by_code(queries.digits(code))
    if pin is None:
        return _unknown_pin(request, code)
    who = people.person(request)
    page = queries.join_page(request, pin, who)
    signed_in = who is not None and not who.is_guest
    form = (
        None
        if signed_in
        else NameForm(request.POST if request.method == "POST" else None, initial={"name": page.seated_as})
    )
    if request.method != "POST":
        return render(request, "play/join.html", {"page": page, "form": form})
    if page.needs_account:
        return render(request, "play/join.html", {"page": page, "form": form}, status=403)
    if form is not None and not form.is_valid():
        return render(request, "play/join.html", {"page": page, "form": form}, status=400)
    if form is not None:
        who = people.guest_named(request, form.cleaned_data["name"])
    assert who is not None
    return _admitted(request, pin, who)


@require_safe
def game(request: HttpRequest, game_id: UUID) -> HttpResponseBase:
    """The game screen of a player, or of a host who plays."""
    pin = _pin(game_id)
    who = people.person(request)
    role = admission.role(who, pin) if who else None
    if who is None or role is None:
        return _to_the_door(pin)
    if pin.retired_at:
        return redirect("results", game_id)
    if role == "host" and not queries.frozen_game(pin).settings.host_plays:
        return redirect("lobby", pin.contest_id)
    page = queries.game_page(pin, who, role)
    data = queries.script_data(request, pin, who, role)
    return allow_websocket(request, render(request, "play/game.html", {"page": page, "data": data}))


@require_safe
def favicon(request: HttpRequest) -> HttpResponseBase:
    """For browsers that ask at the root, whatever the page says."""
    path = finders.find("momentum/favicon.ico") or finders.find("momentum/favicon.svg")
    if not path:
        raise Http404
    return FileResponse(open(path, "rb"), headers={"Cache-Control": "public, max-age=86400"})


def allow_websocket(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let the page's scripts open a WebSocket to realtime."""
    response._csp_update = {"connect-src": games.websocket_sources(request)}  # type: ignore[attr-defined]
    return response


def _admitted(request: HttpRequest, pin: Pin, who: Person) -> HttpResponseBase:
    """To the game of the PIN, or into the contest that is played alone and to its page."""
    if pin.game_id:
        response = redirect("game", pin.game_id)
    else:
        try:
            access.join(pin.contest, who, by_pin=True)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("join", pin.code)
        response = redirect("lobby", pin.contest_id)
    if who.is_guest:
        people.remember(response, who)
    return response


def _pin(game_id: UUID) -> Pin:
    pin = pins.of_game(game_id)
    if pin is None:
        raise Http404
    return pin


def _to_the_door(pin: Pin) -> HttpResponse:
    """Who knows an open game's id may come in as everybody does: by name, at its PIN."""
    if pin.retired_at:
        raise Http404
    return redirect("join", pin.code)


def _unknown_pin(request: HttpRequest, code: str) -> HttpResponse:
    form = JoinByPinForm(initial={"pin": code[:20]})
    try:
        misses.count(request)
    except misses.TooManyMisses as refusal:
        return render(request, "play/too_many_pins.html", {"form": form}, status=refusal.status)
    return render(request, "play/unknown_pin.html", {"form": form, "pin": code[:20]}, status=404)
