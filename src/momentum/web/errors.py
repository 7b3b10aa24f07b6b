"""What is answered when something is refused or breaks: a page for people, JSON for programs."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

API_PREFIXES = ("/api/", "/_allauth/", "/healthz", "/readyz")


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith(API_PREFIXES)


def problem(status: int, error: str, message: str, **more: Any) -> JsonResponse:
    """The one shape of errors in JSON: a code for programs, and a sentence that says what to do."""
    return JsonResponse({"error": error, "message": message, **more}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_api(request):
        return problem(400, "bad_request", _("The request cannot be read. Check it against /api/docs."))
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_api(request):
        return problem(403, "forbidden", _("You may not do this."))
    return render(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_api(request):
        return problem(404, "not_found", _("There is nothing here. /api/docs lists all calls."))
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    if is_api(request):
        return problem(500, "server_error", _("Something broke on our side. Try again in a moment."))
    return render(request, "500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if is_api(request):
        return problem(403, "csrf", _("Send the value of the csrftoken cookie in the header X-CSRFToken."))
    return render(request, "403_csrf.html", status=403)


def too_many_logins(request: HttpRequest, response: HttpResponse, credentials: dict[str, Any] | None) -> HttpResponse:
    """Instead of `response`: the login was refused unseen, by `accounts.login_limits`."""
    if is_api(request):
        return problem(429, "too_many_logins", _("Too many failed logins. Wait five minutes, then try again."))
    return render(request, "429.html", status=429)
