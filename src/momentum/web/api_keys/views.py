from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from momentum.web.accounts.models import User
from momentum.web.api_keys import actions, queries
from momentum.web.api_keys.forms import KeyForm
from momentum.web.refusals import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def api_keys(request: HttpRequest) -> HttpResponse:
    """The keys; after a POST also the new one's token, in this answer only."""
    assert isinstance(request.user, User)
    form, token = KeyForm(request.POST if request.method == "POST" else None), ""
    if form.is_valid():
        wanted = form.cleaned_data
        try:
            _key, token = actions.create_key(request.user, wanted["name"], wanted["scopes"], form.expires_at())
            form = KeyForm()
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    page = {"form": form, "token": token, "keys": queries.cards_of(request.user)}
    return render(request, "api_keys/api_keys.html", page, status=400 if form.errors else 200)


@require_POST
@login_required
def api_key_revoke(request: HttpRequest, key_id: UUID) -> HttpResponse:
    assert isinstance(request.user, User)
    key = queries.own_key(request.user, key_id)
    if key is None:
        raise Http404
    actions.revoke_key(key)
    messages.success(request, _("%(name)s is revoked: it opens nothing any more.") % {"name": key.name})
    return redirect("api_keys")
