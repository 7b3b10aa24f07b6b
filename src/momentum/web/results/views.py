from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from momentum.web import addresses
from momentum.web.play import people
from momentum.web.play.queries import digits
from momentum.web.refusals import Refusal
from momentum.web.results import files, queries, sharing, sources
from momentum.web.results.report import Report
from momentum.web.results.sources import Found


@require_safe
def results(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """Where results stay, for the organiser and the players."""
    found = _found(request, source_id)
    page = queries.results_page(found, _reader(request), _number(request, "page"), _number(request, "questions"))
    return render(request, "results/results.html", {"page": page})


@require_safe
def player_answers(request: HttpRequest, source_id: UUID, player: str) -> HttpResponse:
    page = queries.player_page(_found(request, source_id), _reader(request), player)
    if page is None:
        raise Http404
    return render(request, "results/player.html", {"page": page})


@require_safe
@login_required
def csv_file(request: HttpRequest, source_id: UUID, table: str) -> HttpResponseBase:
    response = files.csv_file(_own_report(request, source_id), table)
    if response is None:
        raise Http404
    return response


@require_safe
@login_required
def workbook(request: HttpRequest, source_id: UUID) -> HttpResponseBase:
    try:
        return files.workbook(_own_report(request, source_id))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("results", source_id)


@require_POST
@login_required
def make_link(request: HttpRequest, source_id: UUID) -> HttpResponseBase:
    """Shows the new link, once."""
    report = _own_report(request, source_id)
    _link, token = sharing.make_link(source_id, report.contest)
    url = addresses.public_origin(request) + reverse("shared_results", args=[token])
    return files.private(render(request, "results/link.html", {"name": report.name, "url": url, "id": source_id}))


@require_POST
@login_required
def revoke_link(request: HttpRequest, source_id: UUID) -> HttpResponse:
    _own_report(request, source_id)
    sharing.revoke_link(source_id)
    messages.success(request, _("The link leads nowhere any more."))
    return redirect("results", source_id)


@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponseBase:
    """For whoever has the link."""
    source_id = sharing.source_of(token)
    report = sources.report_of(source_id) if source_id else None
    if report is None:
        raise Http404
    page = queries.shared_page(report, _number(request, "page"), _number(request, "questions"), request.path)
    response = render(request, "results/shared.html", {"page": page})
    response["X-Robots-Tag"] = "noindex, nofollow"
    return files.private(response)


def _found(request: HttpRequest, source_id: UUID) -> Found:
    found = sources.find(source_id, people.person(request))
    if found is None:
        raise Http404
    return found


def _own_report(request: HttpRequest, source_id: UUID) -> Report:
    """Of the organiser's own, once it is over."""
    found = _found(request, source_id)
    if not found.is_organiser or found.report is None:
        raise Http404
    return found.report


def _reader(request: HttpRequest) -> str:
    who = people.person(request)
    return who.user_id if who else ""


def _number(request: HttpRequest, part: str) -> int:
    """Which page of this part is asked for."""
    return int(digits(request.GET.get(part, ""))[:6] or 1)
