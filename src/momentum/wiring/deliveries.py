"""The worker delivers webhooks: a few at once, one at a time to each endpoint. Needs Django to be set up."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from uuid import UUID

from django.db import DatabaseError, close_old_connections

from momentum.web.webhooks.delivering import claim_due, deliver, take_back
from momentum.web.webhooks.models import Delivery

THREADS = 8
LOOK_EVERY_S = 1.0
LOOK_SOON_S = 0.05
log = logging.getLogger(__name__)


def lane(worker_id: str) -> Callable[[threading.Event], None]:
    """What delivers. First what an earlier holder of this worker's place left under way is put back."""
    take_back(worker_id)

    def deliver_webhooks(stop: threading.Event) -> None:
        deliver_forever(worker_id, stop)

    return deliver_webhooks


def deliver_forever(worker_id: str, stop: threading.Event) -> None:
    """Deliver what becomes due until `stop`; attempts that have begun are finished."""
    busy: dict[Future[None], UUID] = {}
    with ThreadPoolExecutor(THREADS, thread_name_prefix="webhook") as pool:
        while not stop.wait(LOOK_SOON_S if busy else LOOK_EVERY_S):
            busy = {attempt: endpoint for attempt, endpoint in busy.items() if not attempt.done()}
            for delivery in _claimed(worker_id, THREADS - len(busy), list(busy.values())):
                busy[pool.submit(_attempt, delivery)] = delivery.endpoint_id


def _claimed(worker_id: str, most: int, busy: list[UUID]) -> list[Delivery]:
    try:
        close_old_connections()
        return claim_due(worker_id, most, busy) if most else []
    except DatabaseError as error:
        log.warning("Webhooks wait for the database (%s)", error)
        return []


def _attempt(delivery: Delivery) -> None:
    """An attempt whose outcome cannot be noted is made again when its lease is over."""
    try:
        deliver(delivery)
    except Exception:
        log.exception("An attempt to deliver %s broke", delivery.message_id)
    finally:
        close_old_connections()
