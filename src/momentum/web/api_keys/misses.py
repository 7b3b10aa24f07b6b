"""Counting calls with wrong keys, per address and minute. A right key is never held up."""

from datetime import timedelta

from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from momentum.web import addresses
from momentum.web.api_keys.models import KeyMiss
from momentum.web.refusals import Refusal

PER_MINUTE = 60
KEPT = timedelta(hours=1)


class TooManyMisses(Refusal):
    error = "too_many_wrong_keys"
    status = 429

    def __str__(self) -> str:
        return _("Too many calls with wrong keys. Correct the key, wait a minute, then try once more.")


def count(request: HttpRequest) -> None:
    """Note one more wrong key of this caller. Raises TooManyMisses beyond the limit, and then writes nothing."""
    address, minute = addresses.client_network(request), timezone.now().replace(second=0, microsecond=0)
    misses = KeyMiss.objects.filter(address=address, minute=minute)
    if misses.filter(count__gte=PER_MINUTE).exists():
        raise TooManyMisses
    KeyMiss.objects.bulk_create([KeyMiss(address=address, minute=minute)], ignore_conflicts=True)
    misses.update(count=F("count") + 1)


def forget_old() -> int:
    """Delete counts that no limit looks at any more. Returns how many."""
    return KeyMiss.objects.filter(minute__lt=timezone.now() - KEPT).delete()[0]
