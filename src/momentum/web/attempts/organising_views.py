"""The organiser's page of a contest that is played alone: how it goes, and what can be done about it."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from momentum.web.attempts import organising
from momentum.web.attempts.organiser_page import organiser_page, progress_page
from momentum.web.contests.models import Contest
from momentum.web.contests.views import own_contest
from momentum.web.play.queries import digits
from momentum.web.refusals import Refusal

MINUTES = (10, 30, 60, 24 * 60)
"""By which the page offers to move the end."""


def page(request: HttpRequest, contest: Contest) -> HttpResponse:
    return render(request, "attempts/organiser.html", {"page": organiser_page(request, contest)})


@require_safe
@login_required
def progress(request: HttpRequest, contest_id: UUID) -> HttpResponse:
    """What changes on the page while people play; the page asks for it every few seconds."""
    contest = _own(request, contest_id)
    return render(request, "attempts/progress.html", {"progress": progress_page(request, contest)})


@require_POST
@login_required
def end(request: HttpRequest, contest_id: UUID) -> HttpResponse:
    return _do(request, contest_id, organising.end, _("The contest is closed."))


@require_POST
@login_required
def move_end(request: HttpRequest, contest_id: UUID) -> HttpResponse:
    """Later by so many minutes, counted from the end as it is."""
    minutes = int(digits(request.POST.get("minutes", ""))[:6] or 0)
    if minutes not in MINUTES:
        raise Http404

    def later(contest: Contest) -> None:
        organising.move_end(contest, (contest.closes_at or timezone.now()) + timedelta(minutes=minutes))

    return _do(request, contest_id, later, _("The contest closes later."))


@require_POST
@login_required
def archive(request: HttpRequest, contest_id: UUID) -> HttpResponse:
    return _do(request, contest_id, organising.archive, _("The contest is archived. Its results stay."))


@require_POST
@login_required
def unarchive(request: HttpRequest, contest_id: UUID) -> HttpResponse:
    return _do(request, contest_id, organising.unarchive, _("The contest is back among your contests."))


@require_POST
@login_required
def void(request: HttpRequest, contest_id: UUID, position: int) -> HttpResponse:
    def void_it(contest: Contest) -> None:
        question = contest.frozen_questions.select_related("contest").filter(position=position).first()
        if question is None:
            raise Http404
        organising.void(question)

    return _do(request, contest_id, void_it, _("The question counts for nobody now. All scores are computed anew."))


@require_POST
@login_required
def participant(request: HttpRequest, contest_id: UUID) -> HttpResponse:
    """Extra time (`extra_percent`), or so many attempts beyond the usual (`extra_attempts`), for one participant
    (`user_id`)."""

    def change(contest: Contest) -> None:
        found = organising.participant(contest, request.POST.get("user_id", ""))
        if found is None:
            raise Http404
        if "extra_attempts" in request.POST:
            organising.allow_attempts(found, _number(request, "extra_attempts"))
        else:
            organising.give_extra_time(found, _number(request, "extra_percent"))

    return _do(request, contest_id, change, _("Saved."))


def _do(request: HttpRequest, contest_id: UUID, change: Callable[[Contest], None], done: str) -> HttpResponse:
    try:
        change(_own(request, contest_id))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    query = request.META["QUERY_STRING"]
    return redirect(reverse("lobby", args=[contest_id]) + (f"?{query}" if query else ""))


def _number(request: HttpRequest, field: str) -> int:
    """What the form says in a field; -1 where that is no number."""
    return int(digits(request.POST.get(field, ""))[:4] or -1)


def _own(request: HttpRequest, contest_id: UUID) -> Contest:
    contest = own_contest(request, contest_id)
    if contest.is_live:
        raise Http404
    return contest
