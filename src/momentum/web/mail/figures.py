"""The outbox in figures, for operators and their monitoring. No address and no subject stands in them."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from momentum.web.mail import pace
from momentum.web.mail.models import Mail

SHOWN = 50
ADDRESS = re.compile(r"\S+@\S+")


@dataclass(frozen=True)
class Figures:
    """`sent`, `failed`: in the last seven days. `oldest_s`: the age of the oldest that waits."""

    queued: int
    sent: int
    failed: int
    set_aside: int
    oldest_s: int
    sent_today: int
    most_a_day: int
    last_sent_at: datetime | None


def figures() -> Figures:
    counts = dict(Mail.objects.values_list("status").annotate(n=Count("pk")).order_by())
    queued = Mail.objects.filter(status=Mail.Status.QUEUED)
    oldest = queued.aggregate(at=Min("created_at"))["at"]
    return Figures(
        queued=counts.get(Mail.Status.QUEUED, 0),
        sent=counts.get(Mail.Status.SENT, 0),
        failed=counts.get(Mail.Status.FAILED, 0),
        set_aside=counts.get(Mail.Status.SET_ASIDE, 0),
        oldest_s=max(0, int((timezone.now() - oldest).total_seconds())) if oldest else 0,
        sent_today=pace.sent_today(),
        most_a_day=settings.MOMENTUM.limits.email_per_day,
        last_sent_at=Mail.objects.filter(status=Mail.Status.SENT).aggregate(at=Max("finished_at"))["at"],
    )


def exposition() -> bytes:
    """The figures as Prometheus reads them."""
    registry, now = CollectorRegistry(), figures()
    mails = Gauge("momentum_mails", "Mails in the outbox, by what became of them.", ["status"], registry=registry)
    for status in Mail.Status:
        mails.labels(status=status.value).set(getattr(now, status.value))
    oldest = Gauge("momentum_mail_oldest_seconds", "The age of the oldest mail that waits.", registry=registry)
    oldest.set(now.oldest_s)
    return generate_latest(registry)


@dataclass(frozen=True)
class Trouble:
    """A mail that waits after a failure or was given up. `words`: the server's, without addresses."""

    id: UUID
    kind: str
    status: str
    status_label: str
    words: str
    attempts: int
    created_at: datetime


def troubles() -> list[Trouble]:
    """The newest first."""
    mails = Mail.objects.exclude(answer="").exclude(status=Mail.Status.SENT).defer("message")
    return [
        Trouble(
            id=mail.pk,
            kind=mail.kind,
            status=mail.status,
            status_label=mail.get_status_display(),
            words=ADDRESS.sub(_("[address]"), mail.answer),
            attempts=mail.attempts,
            created_at=mail.created_at,
        )
        for mail in mails.order_by("-created_at", "pk")[:SHOWN]
    ]
