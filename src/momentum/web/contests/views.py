from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from momentum.web.accounts.models import User
from momentum.web.contests import actions, queries
from momentum.web.contests.forms import ContestForm
from momentum.web.contests.models import Contest
from momentum.web.contests.status import Status
from momentum.web.refusals import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def contest_new(request: HttpRequest) -> HttpResponse:
    form = ContestForm(request.POST if request.method == "POST" else None, instance=Contest())
    if not form.is_valid():
        return _edit_page(request, form, None)
    assert isinstance(request.user, User)
    try:
        contest = actions.create_contest(request.user, form.settings())
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _edit_page(request, form, None)
    _say_saved(request, contest)
    return redirect("contest_edit" if contest.status == Status.DRAFT else "lobby", contest.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def contest_edit(request: HttpRequest, contest_id: UUID) -> HttpResponse:
    contest = own_contest(request, contest_id)
    card = queries.card(contest)
    form = ContestForm(request.POST if request.method == "POST" else None, instance=contest)
    if not form.is_valid():
        return _edit_page(request, form, card)
    try:
        edited = actions.edit_contest(own_contest(request, contest_id), form.settings())
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _edit_page(request, form, card)
    _say_saved(request, edited)
    return redirect("dashboard" if edited.is_live else "lobby", *([] if edited.is_live else [edited.pk]))


@require_POST
@login_required
def contest_duplicate(request: HttpRequest, contest_id: UUID) -> HttpResponse:
    copy = actions.duplicate_contest(own_contest(request, contest_id))
    messages.success(request, _("Here is the copy. Change what you like, then save it."))
    return redirect("contest_edit", copy.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def contest_delete(request: HttpRequest, contest_id: UUID) -> HttpResponse:
    contest = own_contest(request, contest_id)
    if request.method != "POST":
        return render(request, "contests/delete.html", {"contest": queries.card(contest)})
    try:
        actions.delete_contest(contest)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("lobby", contest_id)
    messages.success(request, _("%(name)s is deleted.") % {"name": contest.name})
    return redirect("dashboard")


def own_contest(request: HttpRequest, contest_id: UUID) -> Contest:
    """The contest, if it is the signed-in person's; otherwise there is no such page."""
    assert isinstance(request.user, User)
    contest = queries.contest_of(request.user, contest_id)
    if contest is None:
        raise Http404
    return contest


def _edit_page(request: HttpRequest, form: ContestForm, contest: queries.ContestCard | None) -> HttpResponse:
    status = 400 if form.is_bound else 200
    return render(request, "contests/edit.html", {"form": form, "contest": contest}, status=status)


def _say_saved(request: HttpRequest, contest: Contest) -> None:
    if contest.status == Status.DRAFT and not contest.is_live and contest.closes_at is None:
        messages.warning(request, _("Saved as a draft: say when the contest closes, and it is scheduled."))
    elif contest.status == Status.DRAFT:
        messages.warning(
            request, _("Saved as a draft: too few questions fit. Add categories or ask for fewer questions.")
        )
    else:
        messages.success(request, _("%(name)s is saved.") % {"name": contest.name})
