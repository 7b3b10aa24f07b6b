"""What happens to every request: who is really calling, and what its page may ask the device for."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from momentum.web.callers import caller, is_trusted, networks
from momentum.web.errors import is_api, problem

GetResponse = Callable[[HttpRequest], HttpResponse]


class TrustedProxies:
    """Believes X-Forwarded-For and X-Forwarded-Proto from TRUSTED_PROXIES, and from nobody else."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.trusted = networks(settings.MOMENTUM.trusted_proxies)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        peer = str(request.META.get("REMOTE_ADDR", ""))
        if is_trusted(peer, self.trusted):
            request.META["REMOTE_ADDR"] = caller(peer, request.headers.get("X-Forwarded-For", ""), self.trusted)
            if request.headers.get("X-Forwarded-Proto") == "https":
                request.META["wsgi.url_scheme"] = request.environ["wsgi.url_scheme"] = "https"  # type: ignore[attr-defined]
        return self.get_response(request)


class PermissionsPolicy:
    """No page of the site needs a device's senses."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        return response


class JsonRefusals:
    """Calls that nobody handles by this method get their 405 in JSON, like every other refusal of the API."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or not is_api(request) or response.get("Content-Type") == "application/json":
            return response
        refusal = problem(
            405, "method_not_allowed", _("Use one of these methods: %(list)s.") % {"list": response["Allow"]}
        )
        refusal["Allow"] = response["Allow"]
        return refusal
