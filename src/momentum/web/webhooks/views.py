from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from momentum.web.accounts.models import User
from momentum.web.refusals import Refusal
from momentum.web.webhooks import actions, queries
from momentum.web.webhooks.forms import EndpointForm
from momentum.web.webhooks.models import Endpoint


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def webhooks(request: HttpRequest) -> HttpResponse:
    """The endpoints; after a POST also the new one's secret, in this answer only."""
    assert isinstance(request.user, User)
    form, made = EndpointForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        try:
            made = actions.create_endpoint(request.user, form.cleaned_data["url"], form.cleaned_data["events"])
            form = EndpointForm()
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    page = {"form": form, "made": made, "endpoints": queries.endpoints_of(request.user)}
    return render(request, "webhooks/webhooks.html", page, status=400 if form.errors else 200)


@require_safe
@login_required
def webhook(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    endpoint = _own(request, endpoint_id)
    page = {"endpoint": endpoint, "deliveries": queries.latest_deliveries(endpoint)}
    return render(request, "webhooks/webhook.html", page)


@require_POST
@login_required
def webhook_test(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    said = _("A test is on its way. Look again in a few seconds.")
    return _done(request, endpoint_id, actions.send_test, said)


@require_POST
@login_required
def webhook_pause(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    return _done(request, endpoint_id, actions.pause_endpoint, _("Paused: nothing is sent there."))


@require_POST
@login_required
def webhook_resume(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    return _done(request, endpoint_id, actions.resume_endpoint, _("Messages are sent there again."))


@require_POST
@login_required
def webhook_delete(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    actions.delete_endpoint(_own(request, endpoint_id))
    messages.success(request, _("The webhook is deleted."))
    return redirect("webhooks")


@require_POST
@login_required
def webhook_send_again(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    assert isinstance(request.user, User)
    delivery = queries.delivery_of(request.user, delivery_id)
    if delivery is None:
        raise Http404
    actions.send_again(delivery)
    messages.success(request, _("The message is on its way again, under the same id."))
    return redirect("webhook", delivery.endpoint_id)


def _own(request: HttpRequest, endpoint_id: UUID) -> Endpoint:
    assert isinstance(request.user, User)
    endpoint = queries.endpoint_of(request.user, endpoint_id)
    if endpoint is None:
        raise Http404
    return endpoint


def _done(request: HttpRequest, endpoint_id: UUID, action: Callable[[Endpoint], None], said: str) -> HttpResponse:
    action(_own(request, endpoint_id))
    messages.success(request, said)
    return redirect("webhook", endpoint_id)
