"""The worker sends mails: those that somebody waits for have a way of their own. Needs Django to be set up."""

import logging
import threading
from collections.abc import Callable

from django.db import DatabaseError, close_old_connections

from momentum.web.mail import outbox
from momentum.web.mail.courier import Courier
from momentum.web.mail.models import Priority
from momentum.web.mail.transport import transport

Loop = Callable[[threading.Event], None]
LOOK_EVERY_S = 0.5
log = logging.getLogger(__name__)


def lanes(worker_id: str) -> tuple[Loop, Loop]:
    """What to run beside each other: one lane for account mails only, however slowly others go, and one for all.

    First what an earlier holder of this worker's place left under way is put back.
    """
    outbox.take_back(worker_id)

    def send_account_mails(stop: threading.Event) -> None:
        send_forever(Courier(transport(), (Priority.ACCOUNT,), worker_id), stop)

    def send_all_mails(stop: threading.Event) -> None:
        send_forever(Courier(transport(), tuple(Priority), worker_id), stop)

    return send_account_mails, send_all_mails


def send_forever(courier: Courier, stop: threading.Event) -> None:
    """Send what becomes due until `stop`; the mail at hand is finished. A database that is away is waited for."""
    while not stop.is_set():
        try:
            close_old_connections()
            worked = courier.send_next()
        except DatabaseError as error:
            log.warning("Mails wait for the database (%s)", error)
            worked = False
        if not worked:
            stop.wait(LOOK_EVERY_S)
    courier.close()
