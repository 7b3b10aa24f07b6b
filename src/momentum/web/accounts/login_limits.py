"""The limits on failed logins, for the site, the headless API and realtime's /login: per account, and per address."""

from datetime import timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessFailureLog
from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from momentum.game import names
from momentum.web import addresses
from momentum.web.accounts.models import User

COOL_OFF = timedelta(minutes=5)


def cool_off(request: HttpRequest | None) -> timedelta:
    """How long an account stays closed after too many failed logins."""
    return COOL_OFF


def account_key(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """What failures count by: the account's id under whichever of its names was typed, else what was typed."""
    typed = str((credentials or {}).get("username") or (credentials or {}).get("email") or "")[
        : User._meta.get_field("email").max_length
    ]
    user = (
        User.objects.filter(Q(name_key=names.key(typed)) | Q(email__iexact=typed)).only("pk").first() if typed else None
    )
    return str(user.pk) if user else f"unknown {names.key(typed)}"[:255]


class LoginLimits(AxesDatabaseHandler):
    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        return bool(super().is_locked(request, credentials)) or self._address_is_busy(request)

    def _address_is_busy(self, request: HttpRequest) -> bool:
        since = timezone.now() - timedelta(minutes=1)
        failures = AccessFailureLog.objects.filter(
            ip_address=addresses.client_network(request), attempt_time__gte=since
        )
        return bool(failures.count() >= settings.MOMENTUM.limits.login_failures_per_minute_per_address)
