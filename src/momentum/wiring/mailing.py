"""The worker sends mails: those that somebody waits for have a way of their own. Needs Django to be set up."""

import logging
import threading

from django.db import DatabaseError, close_old_connections

from momentum.web.mail.courier import Courier
from momentum.web.mail.models import Priority
from momentum.web.mail.transport import transport

LOOK_EVERY_S = 0.5
log = logging.getLogger(__name__)


def send_account_mails(stop: threading.Event) -> None:
    """Send account mails only, however slowly others go."""
    send_forever(Courier(transport(), (Priority.ACCOUNT,)), stop)


def send_all_mails(stop: threading.Event) -> None:
    send_forever(Courier(transport(), tuple(Priority)), stop)


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
