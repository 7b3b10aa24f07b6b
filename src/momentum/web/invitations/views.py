"""The organiser's page of invitations: paste, look over, send; see what became of them."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from momentum.web import addresses as hosts
from momentum.web.accounts.models import User
from momentum.web.contests.models import Contest
from momentum.web.contests.views import own_contest
from momentum.web.invitations import actions, addresses, queries
from momentum.web.invitations.addresses import Entry
from momentum.web.invitations.forms import PeopleForm, SendForm
from momentum.web.invitations.models import Announced, Invitation
from momentum.web.invitations.posting import Sender
from momentum.web.play.queries import digits
from momentum.web.refusals import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def invitations(request: HttpRequest, contest_id: UUID) -> HttpResponse:
    """The list, and the form whose addresses are looked over next. Nothing is sent by this."""
    contest = own_contest(request, contest_id)
    if request.method != "POST":
        return _page(request, contest, PeopleForm())
    form = PeopleForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, contest, form, status=400)
    return _review(request, contest, form.entries(), SendForm())


@require_POST
@login_required
def send(request: HttpRequest, contest_id: UUID) -> HttpResponse:
    contest = own_contest(request, contest_id)
    form = SendForm(request.POST)
    entries = addresses.read(request.POST.get("people", ""))
    if not form.is_valid():
        return _review(request, contest, entries, form, status=400)
    message, language = form.cleaned_data["message"], form.cleaned_data["language"]
    sender = Sender(_user(request), hosts.public_origin(request), form.cleaned_data["time_zone"])
    try:
        people = queries.judged(contest, entries)
        sent = len(actions.invite(contest, people, message=message, language=language, sender=sender))
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _review(request, contest, entries, form, status=refusal.status)
    said = ngettext("%(n)d invitation is on its way.", "%(n)d invitations are on their way.", sent) % {"n": sent}
    messages.success(request, said)
    return redirect("invitations", contest_id)


@require_POST
@login_required
def remind(request: HttpRequest, contest_id: UUID) -> HttpResponse:
    contest = own_contest(request, contest_id)
    try:
        count = actions.remind(contest, _sender(request, contest))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        said = ngettext("%(n)d person is reminded.", "%(n)d people are reminded.", count) % {"n": count}
        messages.success(request, said)
    return redirect("invitations", contest_id)


@require_POST
@login_required
def send_again(request: HttpRequest, contest_id: UUID, invitation_id: UUID) -> HttpResponse:
    contest = own_contest(request, contest_id)
    try:
        actions.send_again(_own(contest, invitation_id), _sender(request, contest))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The invitation goes out once more, with a new link."))
    return redirect("invitations", contest_id)


@require_POST
@login_required
def revoke(request: HttpRequest, contest_id: UUID, invitation_id: UUID) -> HttpResponse:
    contest = own_contest(request, contest_id)
    actions.revoke(_own(contest, invitation_id))
    messages.success(request, _("The invitation is revoked: its link leads nowhere any more."))
    return redirect("invitations", contest_id)


def _page(request: HttpRequest, contest: Contest, form: PeopleForm, status: int = 200) -> HttpResponse:
    number = int(digits(request.GET.get("page", ""))[:6] or 1)
    page = queries.organiser_page(contest, _user(request), shown=request.GET.get("status", ""), page=number)
    return render(request, "invitations/invitations.html", {"page": page, "form": form}, status=status)


def _review(
    request: HttpRequest, contest: Contest, entries: list[Entry], form: SendForm, status: int = 200
) -> HttpResponse:
    try:
        review = queries.review(contest, entries, _user(request))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("invitations", contest.pk)
    page = {"contest": contest, "review": review, "form": form}
    return render(request, "invitations/review.html", page, status=status)


def _own(contest: Contest, invitation_id: UUID) -> Invitation:
    invitation = queries.invitation_of(contest, invitation_id)
    if invitation is None:
        raise Http404
    return invitation


def _sender(request: HttpRequest, contest: Contest) -> Sender:
    """Who sends again; the zone stays that of the last time."""
    known = Announced.objects.filter(contest=contest).first()
    return Sender(_user(request), hosts.public_origin(request), known.time_zone if known else "UTC")


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
