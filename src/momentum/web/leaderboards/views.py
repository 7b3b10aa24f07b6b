from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from momentum.web.accounts.models import User
from momentum.web.leaderboards import actions, boards, profiles, queries, ratings
from momentum.web.play import people


@require_safe
@login_required
def site_leaderboard(request: HttpRequest) -> HttpResponse:
    return _leaderboard(request, "site", None)


@require_safe
def contest_leaderboard(request: HttpRequest, contest_id: UUID) -> HttpResponse:
    return _leaderboard(request, "contest", contest_id)


@require_safe
def organiser_leaderboard(request: HttpRequest, organiser_id: UUID) -> HttpResponse:
    return _leaderboard(request, "organiser", organiser_id)


@require_safe
@login_required
def own_profile(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    page = profiles.profile(request.user, is_you=True)
    history = profiles.history(request.user, request.GET.get("after", ""))
    return render(request, "leaderboards/profile.html", {"page": page, "history": history})


@require_POST
@login_required
def share(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    shared = request.POST.get("shared") == "yes"
    actions.share_profile(request.user, shared)
    if shared:
        messages.success(request, _("Your profile is shared, and you stand on the leaderboard."))
    else:
        messages.success(request, _("Your profile is yours alone, and you are off the leaderboard."))
    return redirect("profile")


@require_safe
@login_required
def player(request: HttpRequest, user_id: UUID) -> HttpResponse:
    if request.user.pk == user_id:
        return redirect("profile")
    page = profiles.shared_profile(user_id)
    if page is None:
        raise Http404
    return render(request, "leaderboards/profile.html", {"page": page})


@require_safe
def how_ratings_work(request: HttpRequest) -> HttpResponse:
    facts = {"start": ratings.START, "group": ratings.GROUP, "games": ratings.PROVISIONAL_BELOW}
    return render(request, "leaderboards/ratings.html", facts)


def _leaderboard(request: HttpRequest, kind: str, of: UUID | None) -> HttpResponse:
    who = people.person(request)
    period, subject = (request.GET.get(name) or boards.ALL for name in ("period", "subject"))
    after = request.GET.get("after", "")
    page = queries.leaderboard_page(who, kind, of, period=period, subject=subject, after=after) if who else None
    if page is None:
        raise Http404
    return render(request, "leaderboards/leaderboard.html", {"page": page})
