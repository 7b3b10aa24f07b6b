"""Counting wrong PINs: per address and per account, by the minute. A right PIN is never held up."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Max
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from momentum.web import addresses
from momentum.web.play.models import PinMiss
from momentum.web.refusals import Refusal

KEPT = timedelta(hours=1)


class TooManyMisses(Refusal):
    error = "too_many_pins"
    status = 429

    def __str__(self) -> str:
        return _("Too many wrong PINs. Look at the PIN again, wait a minute, then try once more.")


def count(request: HttpRequest) -> None:
    """Note one more wrong PIN of this caller. Raises TooManyMisses beyond the limit, and then writes nothing."""
    callers, minute = _callers(request), _minute()
    limit = settings.MOMENTUM.limits.join_failures_per_minute_per_address
    most = PinMiss.objects.filter(caller__in=callers, minute=minute).aggregate(most=Max("count"))["most"] or 0
    if most >= limit:
        raise TooManyMisses
    PinMiss.objects.bulk_create([PinMiss(caller=caller, minute=minute) for caller in callers], ignore_conflicts=True)
    PinMiss.objects.filter(caller__in=callers, minute=minute).update(count=F("count") + 1)


def forget_old() -> int:
    """Delete counts that no limit looks at any more. Returns how many."""
    return PinMiss.objects.filter(minute__lt=timezone.now() - KEPT).delete()[0]


def _callers(request: HttpRequest) -> list[str]:
    account = [f"account {request.user.pk}"] if request.user.is_authenticated else []
    return [f"address {addresses.client_network(request)}", *account]


def _minute() -> datetime:
    return timezone.now().replace(second=0, microsecond=0)
