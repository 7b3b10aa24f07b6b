"""The limits on failed logins, for the site, the headless API and realtime's /login: per name or address typed, and per
network address."""

from datetime import timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessFailureLog
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from momentum.game import names
from momentum.web import addresses

COOL_OFF = timedelta(minutes=5)
LONGEST_KEY = 255


def cool_off(request: HttpRequest | None) -> timedelta:
    """How long nobody logs in under a name or an address after too many failed logins."""
    return COOL_OFF


def account_key(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """What failures count by: the name or the address that was typed, whether or not anybody has it.

    If a lock on a name held for its address too, it would say whose address that is.
    """
    typed = str((credentials or {}).get("username") or (credentials or {}).get("email") or "")
    return names.key(typed)[:LONGEST_KEY]


class LoginLimits(AxesDatabaseHandler):
    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        return bool(super().is_locked(request, credentials)) or self._address_is_busy(request)

    def _address_is_busy(self, request: HttpRequest) -> bool:
        since = timezone.now() - timedelta(minutes=1)
        failures = AccessFailureLog.objects.filter(
            ip_address=addresses.client_network(request), attempt_time__gte=since
        )
        return bool(failures.count() >= settings.MOMENTUM.limits.login_failures_per_minute_per_address)
