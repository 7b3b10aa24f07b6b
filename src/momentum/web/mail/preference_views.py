"""What recipients of organisers' mails do with the links at their end. Nobody has to sign in for that."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from momentum.web.mail import actions, languages, recipients
from momentum.web.mail.forms import PreferencesForm
from momentum.web.mail.models import Category, Recipient


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    reader = _reader(token)
    form = PreferencesForm(request.POST or None, instance=reader)
    if request.method == "POST" and form.is_valid():
        form.save()
        with translation.override(languages.of_page(request, reader)):
            messages.success(request, _("Saved."))
        return redirect("mail_preferences", token)
    with translation.override(languages.of_page(request, reader)):
        return render(request, "mail/preferences.html", {"form": form, "shown_address": recipients.masked(reader)})


@csrf_exempt  # mail programs post it (RFC 8058); only who got the mail has the token
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def unsubscribe(request: HttpRequest, token: str, category: str) -> HttpResponse:
    """Looking changes nothing: programs that check mails follow every link."""
    reader = _reader(token)
    if category not in Category:
        raise Http404
    if request.method == "POST":
        if request.POST.get("List-Unsubscribe") != "One-Click":
            return HttpResponseBadRequest()
        actions.unsubscribe(reader, Category(category))
    page = {
        "category": Category(category),
        "done": request.method == "POST",
        "shown_address": recipients.masked(reader),
        "token": token,
    }
    with translation.override(languages.of_page(request, reader)):
        return render(request, "mail/unsubscribe.html", page)


def _reader(token: str) -> Recipient:
    reader = recipients.of_token(token)
    if reader is None:
        raise Http404
    return reader
