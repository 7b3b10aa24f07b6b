"""The pages of a player: coming in, starting, answering."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from momentum.web.attempts import access, actions, organising_views, queries
from momentum.web.attempts.lobby import lobby_of
from momentum.web.attempts.models import Attempt
from momentum.web.contests.models import Contest
from momentum.web.play import people
from momentum.web.play.forms import NameForm
from momentum.web.play.people import Person
from momentum.web.play.queries import digits
from momentum.web.refusals import Refusal

LETTERS = "ABCD"


def lobby(request: HttpRequest, contest: Contest) -> HttpResponse:
    """The page that everybody comes to first; the organiser's own has more on it."""
    who = people.person(request)
    if who and access.is_organiser(contest, who):
        return organising_views.page(request, contest)
    return _lobby(request, contest, who, NameForm(initial={"name": who.username if who else ""}))


@require_POST
def join(request: HttpRequest, contest_id: UUID) -> HttpResponseBase:
    """Come in before the contest opens."""
    return _come_in(request, contest_id, lambda contest, who: access.join(contest, who))


@require_POST
def start(request: HttpRequest, contest_id: UUID) -> HttpResponseBase:
    """Start an attempt, or go on with the one that is running."""
    return _come_in(request, contest_id, actions.start)


@require_safe
@never_cache
def attempt(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    with only_theirs():
        return _attempt_page(request, actions.look(attempt_id, _person(request)))


@require_POST
def answer(request: HttpRequest, attempt_id: UUID) -> HttpResponseBase:
    number = queries.number_of(attempt_id, request.POST.get("question", ""))
    option = digits(request.POST.get("option", ""))
    if number is None or not 1 <= int(option or 0) <= len(LETTERS):
        raise Http404
    with only_theirs():
        attempt, _verdict = actions.answer(attempt_id, number, int(option) - 1, _person(request))
    return _after_post(request, attempt)


@require_POST
def go_on(request: HttpRequest, attempt_id: UUID) -> HttpResponseBase:
    after = digits(request.POST.get("after", ""))[:6]
    with only_theirs():
        attempt, _verdict = actions.go_on(attempt_id, int(after or 0), _person(request))
    return _after_post(request, attempt)


def _come_in(request: HttpRequest, contest_id: UUID, do: Any) -> HttpResponseBase:
    """`do(contest, who)` gives the attempt to go to, or the place in the contest."""
    who = people.person(request)
    contest = access.contest_for(contest_id, who)
    if contest is None:
        raise Http404
    if who is None or (who.is_guest and access.participant_of(contest, who) is None):
        form = NameForm(request.POST)
        if not form.is_valid():
            return _lobby(request, contest, who, form, status=400)
        who = people.guest_named(request, form.cleaned_data["name"])
    try:
        done = do(contest, who)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("lobby", contest_id)
    response = redirect("attempt", done.pk) if isinstance(done, Attempt) else redirect("lobby", contest_id)
    if who.is_guest:
        people.remember(response, who)
    return response


def _lobby(
    request: HttpRequest, contest: Contest, who: Person | None, form: NameForm, status: int = 200
) -> HttpResponse:
    page = {"lobby": lobby_of(contest, who), "form": form}
    return render(request, "attempts/lobby.html", page, status=status)


def _person(request: HttpRequest) -> Person:
    who = people.person(request)
    if who is None:
        raise Http404
    return who


@contextmanager
def only_theirs() -> Iterator[None]:
    """Somebody else's attempt is not there."""
    try:
        yield
    except Attempt.DoesNotExist:
        raise Http404 from None


def _after_post(request: HttpRequest, attempt: Attempt) -> HttpResponseBase:
    """The page itself for our script, which puts it in place; for a plain form, the way to it."""
    if request.headers.get("HX-Request"):
        return _attempt_page(request, attempt)
    return redirect("attempt", attempt.pk)


def _attempt_page(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    page = queries.attempt_page(attempt)
    template = "attempts/attempt_view.html" if request.headers.get("HX-Request") else "attempts/attempt.html"
    context = {
        "page": page,
        "review": queries.review(attempt),
        "lives": [n < (page.lives_left or 0) for n in range(page.lives or 0)],
        "multiplier": f"{page.multiplier / 10:.1f}",
        "sizes": _sizes(page.question),
    }
    return render(request, template, context)


def _sizes(question: queries.OpenQuestion | None) -> dict[str, str]:
    """How long the texts are, for the type that fits them."""
    if question is None:
        return {}
    longest = max(len(option.text) for option in question.options)
    return {"text": _size(len(question.text), 60, 110), "options": _size(longest, 16, 34)}


def _size(length: int, short: int, medium: int) -> str:
    return "short" if length <= short else "medium" if length <= medium else "long"
