"""What happens to every request: who is really calling, and what its page may ask the device for."""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from momentum.web.errors import is_api, problem

GetResponse = Callable[[HttpRequest], HttpResponse]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class TrustedProxies:
    """Believes X-Forwarded-For and X-Forwarded-Proto from TRUSTED_PROXIES, and from nobody else.

    The caller is the rightmost address that is not a trusted proxy: what stands left of it, the caller wrote himself.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.trusted: list[Network] = [
            ipaddress.ip_network(proxy, strict=False) for proxy in settings.MOMENTUM.trusted_proxies
        ]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.trusted and self._is_trusted(request.META.get("REMOTE_ADDR", "")):
            request.META["REMOTE_ADDR"] = self._caller(request)
            if request.headers.get("X-Forwarded-Proto") == "https":
                request.META["wsgi.url_scheme"] = request.environ["wsgi.url_scheme"] = "https"  # type: ignore[attr-defined]
        return self.get_response(request)

    def _caller(self, request: HttpRequest) -> str:
        address = str(request.META["REMOTE_ADDR"])
        for hop in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
            try:
                address = str(ipaddress.ip_address(hop.strip()))
            except ValueError:
                return address
            if not self._is_trusted(address):
                return address
        return address

    def _is_trusted(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self.trusted)


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
