from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from momentum.web.accounts.forms import DeleteForm
from momentum.web.accounts.models import User
from momentum.web.own_data import deletion, export


@require_safe
@login_required
def download(request: HttpRequest) -> HttpResponse:
    """Everything that is kept of who asks, as one file."""
    assert isinstance(request.user, User)
    now = timezone.now()
    response = JsonResponse(
        export.everything(request.user, now), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    response["Content-Disposition"] = f'attachment; filename="momentum-{now:%Y-%m-%d}.json"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
@login_required
def account_delete(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    form = DeleteForm(request.user, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "own_data/delete.html", {"form": form}, status=400 if form.is_bound else 200)
    deletion.delete_account(request.user)
    logout(request)
    messages.success(request, _("Your account is deleted."))
    return redirect("home")
