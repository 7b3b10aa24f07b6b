"""Delivering what is queued. Several workers may do it side by side: each attempt is claimed by one of them.

A message arrives at least once. A worker that is killed between the answer and its note leaves the message to be sent
again, with the same id: by its successor, or by all others when the lease of the attempt is over.
"""

import logging
import random
from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from momentum.web import backoff
from momentum.web.webhooks import signing
from momentum.web.webhooks.actions import sends_anywhere
from momentum.web.webhooks.models import Delivery, Endpoint
from momentum.web.webhooks.post import NoAnswer, post
from momentum.web.webhooks.targets import BadTarget

LEASE = timedelta(seconds=60)
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=4)
PAUSED_AFTER = timedelta(days=1)
"""An endpoint at which nothing has arrived for so long is paused."""
GONE = 410
log = logging.getLogger(__name__)


def claim_due(worker_id: str, most: int, busy: Collection[UUID] = ()) -> list[Delivery]:
    """Take up to `most` messages that are due, one per endpoint and none for the `busy` ones."""
    now = timezone.now()
    waiting = Delivery.objects.select_related("endpoint").filter(
        status=Delivery.Status.PENDING, due_at__lte=now, endpoint__paused_at=None, endpoint__owner__is_active=True
    )
    taken: dict[UUID, Delivery] = {}
    for delivery in waiting.exclude(endpoint_id__in=busy).order_by("due_at")[: 4 * most]:
        if len(taken) < most and delivery.endpoint_id not in taken and _claim(delivery, worker_id):
            taken[delivery.endpoint_id] = delivery
    return list(taken.values())


def take_back(worker_id: str) -> int:
    """Let the messages that this worker, which has ended, left under way be sent at once. Returns how many."""
    left = Delivery.objects.filter(status=Delivery.Status.PENDING, claimed_by=worker_id)
    return left.update(due_at=timezone.now(), claimed_by="")


def deliver(delivery: Delivery) -> None:
    """Make the attempt that was claimed, and note how it went."""
    at = int(timezone.now().timestamp())
    headers = signing.headers(delivery.endpoint.secret, delivery.message_id, at, delivery.body)
    try:
        status = post(delivery.endpoint.url, delivery.body.encode(), headers, anywhere=sends_anywhere())
    except (BadTarget, NoAnswer) as error:
        _note_failure(delivery, None, str(error))
        return
    if 200 <= status < 300:
        _note_success(delivery, status)
    else:
        _note_failure(delivery, status, _("The server answered %(status)d.") % {"status": status})


def _claim(delivery: Delivery, worker_id: str) -> bool:
    """Whether this attempt is ours. Another worker that saw the same row finds it changed."""
    due_at, attempts = timezone.now() + LEASE, delivery.attempts + 1
    ours = Delivery.objects.filter(
        pk=delivery.pk, status=Delivery.Status.PENDING, attempts=delivery.attempts, due_at=delivery.due_at
    ).update(attempts=attempts, due_at=due_at, claimed_by=worker_id)
    delivery.attempts, delivery.due_at = attempts, due_at
    return ours == 1


@transaction.atomic
def _note_success(delivery: Delivery, status: int) -> None:
    _note(delivery, status=Delivery.Status.DELIVERED, finished_at=timezone.now(), response_status=status, problem="")
    Endpoint.objects.filter(pk=delivery.endpoint_id).exclude(failing_since=None).update(failing_since=None)


@transaction.atomic
def _note_failure(delivery: Delivery, status: int | None, problem: str) -> None:
    now = timezone.now()
    due_at = now + backoff.pause(delivery.attempts, first=FIRST_PAUSE, most=LONGEST_PAUSE, chance=random.random())
    told: dict[str, Any] = {"response_status": status, "problem": problem[:300]}
    if status == GONE or due_at >= delivery.give_up_at:
        _note(delivery, status=Delivery.Status.FAILED, finished_at=now, **told)
    else:
        _note(delivery, due_at=due_at, **told)
    Endpoint.objects.filter(pk=delivery.endpoint_id, failing_since=None).update(failing_since=now)
    _pause_if_hopeless(delivery.endpoint_id, gone=status == GONE)


def _note(delivery: Delivery, **fields: Any) -> None:
    """Write the outcome, unless a later attempt has begun meanwhile."""
    latest = Delivery.objects.filter(pk=delivery.pk, status=Delivery.Status.PENDING, attempts=delivery.attempts)
    latest.update(claimed_by="", **fields)


def _pause_if_hopeless(endpoint_id: UUID, *, gone: bool) -> None:
    endpoints = Endpoint.objects.filter(pk=endpoint_id, paused_at=None)
    now = timezone.now()
    if gone:
        endpoints.update(paused_at=now, paused_because=Endpoint.PauseReason.GONE)
    elif endpoints.filter(failing_since__lte=now - PAUSED_AFTER).update(
        paused_at=now, paused_because=Endpoint.PauseReason.FAILING
    ):
        log.info("webhook endpoint %s is paused: nothing has arrived there for a day", endpoint_id)
