from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from momentum.web.accounts.models import User
from momentum.web.dashboard import queries


@require_safe
@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    return render(request, "dashboard/dashboard.html", {"page": queries.dashboard_page(request.user)})
