"""What changes endpoints, and what puts messages into the queue."""

from collections.abc import Iterable
from datetime import timedelta

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from momentum.web.accounts.models import User
from momentum.web.contests.models import Contest
from momentum.web.refusals import Refusal
from momentum.web.webhooks import events, signing, targets
from momentum.web.webhooks.events import Event
from momentum.web.webhooks.models import Delivery, Endpoint, EventType

MOST = 10
TRIED_FOR = timedelta(days=1)
KEPT = timedelta(days=30)


class TooManyEndpoints(Refusal):
    error = "too_many_webhooks"

    def __str__(self) -> str:
        return _("You have %(most)d webhooks. Delete one that you do not need.") % {"most": MOST}


def announce(event: Event, contest: Contest) -> None:
    """Queue the event for every endpoint of the contest's owner that wants it, once.

    Call it in the transaction that makes the event true: then they are true together, or neither is.
    """
    wanting = Endpoint.objects.filter(owner_id=contest.owner_id, owner__is_active=True, paused_at=None)
    deliveries = [_delivery(event, endpoint) for endpoint in wanting if event.type in endpoint.events]
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)


def sends_anywhere() -> bool:
    """Whether http:// and private addresses may be called."""
    return settings.MOMENTUM.webhook_targets == "any"


@transaction.atomic
def create_endpoint(owner: User, url: str, wanted: Iterable[str]) -> Endpoint:
    """A new endpoint with a new secret. Raises BadTarget, TooManyEndpoints."""
    targets.checked_url(url, anywhere=sends_anywhere())
    User.objects.select_for_update().get(pk=owner.pk)
    if Endpoint.objects.filter(owner=owner).count() >= MOST:
        raise TooManyEndpoints
    known = [event.value for event in EventType if event.value in set(wanted)]
    return Endpoint.objects.create(owner=owner, url=url, secret=signing.new_secret(), events=known)


def pause_endpoint(endpoint: Endpoint) -> None:
    """Send nothing there until it is resumed; what happens meanwhile is not told."""
    Endpoint.objects.filter(pk=endpoint.pk, paused_at=None).update(
        paused_at=timezone.now(), paused_because=Endpoint.PauseReason.OWNER
    )


def resume_endpoint(endpoint: Endpoint) -> None:
    """Send again, first what still waits."""
    Endpoint.objects.filter(pk=endpoint.pk).update(paused_at=None, paused_because="", failing_since=None)


def delete_endpoint(endpoint: Endpoint) -> None:
    """Forget the endpoint and what was sent there."""
    endpoint.delete()


def send_test(endpoint: Endpoint) -> None:
    _delivery(events.trial(endpoint.pk, timezone.now()), endpoint).save(force_insert=True)


def send_again(delivery: Delivery) -> None:
    """Queue a message that is finished once more, under the same id: who had it already can tell."""
    now = timezone.now()
    Delivery.objects.filter(pk=delivery.pk).exclude(status=Delivery.Status.PENDING).update(
        status=Delivery.Status.PENDING, finished_at=None, due_at=now, give_up_at=now + TRIED_FOR
    )


def forget_old() -> int:
    """Delete messages of long ago. Returns how many."""
    return Delivery.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]


def _delivery(event: Event, endpoint: Endpoint) -> Delivery:
    now = timezone.now()
    body = {"type": str(event.type), "timestamp": event.at.isoformat(), "data": event.data}
    return Delivery(
        endpoint=endpoint,
        event_type=str(event.type),
        occasion=event.occasion,
        body=msgspec.json.encode(body).decode(),
        created_at=now,
        due_at=now,
        give_up_at=now + TRIED_FOR,
    )
