"""Keeping the limits of a mail provider, over all workers together: so many a second, so many in 24 hours."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from momentum.web.mail.models import Mail, Pace, Priority

DAY = timedelta(hours=24)


def next_slot() -> datetime:
    """The moment at which one more mail may go: nobody else gets the same. Call it in a transaction."""
    now = timezone.now()
    Pace.objects.get_or_create(id=1, defaults={"next_at": now})
    row = Pace.objects.select_for_update().get(id=1)
    at = max(now, row.next_at)
    row.next_at = at + timedelta(seconds=1 / settings.MOMENTUM.limits.email_per_second)
    row.save()
    return at


def allows_today(priority: Priority) -> bool:
    """Whether one more mail may go now. A tenth of the day's mails is left to accounts: who cannot log in must not
    wait for the day after somebody's thousand invitations. Workers side by side may pass the limit by one each."""
    most = settings.MOMENTUM.limits.email_per_day
    return sent_today() < (most if priority == Priority.ACCOUNT else most - most // 10)


def sent_today() -> int:
    """How many mails were sent in the last 24 hours."""
    return Mail.objects.filter(status=Mail.Status.SENT, finished_at__gt=timezone.now() - DAY).count()
