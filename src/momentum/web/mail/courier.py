"""Sending what is in the outbox, one mail after the other over a kept connection."""

import logging
import random
import time
from collections.abc import Callable
from datetime import timedelta

from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from momentum.web import backoff
from momentum.web.mail import outbox
from momentum.web.mail.failures import MailFailure
from momentum.web.mail.models import Mail, Priority
from momentum.web.mail.transport import Transport

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=4)
FIRST_REST = timedelta(seconds=2)
LONGEST_REST = timedelta(minutes=2)
NOTED_WITHIN_S = 60.0
"""Within the lease, a mail's own time included."""
log = logging.getLogger(__name__)


class Courier:
    """Sends mails of these priorities. While the server itself is in trouble it rests, and spares the other mails."""

    def __init__(
        self,
        transport: Transport,
        priorities: tuple[Priority, ...],
        worker_id: str,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._transport, self._priorities, self._worker_id = transport, priorities, worker_id
        self._clock, self._sleep = clock, sleep
        self._troubles = 0
        self._resting_until = 0.0

    def send_next(self) -> bool:
        """Send one mail, if there is one to be sent now; returns whether there was."""
        if self._clock() < self._resting_until:
            return False
        if not (claimed := outbox.claim_next(self._priorities, self._worker_id)):
            self._transport.rest()
            return False
        mail, at = claimed
        self._sleep(max(0.0, (at - timezone.now()).total_seconds()))
        self._send(mail)
        return True

    def close(self) -> None:
        self._transport.close()

    def _send(self, mail: Mail) -> None:
        try:
            words = self._transport.send(mail)
        except MailFailure as failure:
            self._failed(mail, failure)
        except Exception as error:
            outbox.set_aside(mail, f"it cannot be sent ({type(error).__name__})")
            self._transport.close()
        else:
            self._troubles = 0
            self._note(lambda: outbox.note_sent(mail, words))

    def _note(self, note: Callable[[], None]) -> None:
        """A mail that was taken and is not noted would go twice: a database that is busy is waited for."""
        until = self._clock() + NOTED_WITHIN_S
        while True:
            try:
                return note()
            except DatabaseError:
                if self._clock() > until:
                    raise
                close_old_connections()
                self._sleep(0.2)

    def _failed(self, mail: Mail, failure: MailFailure) -> None:
        """Neither the address nor the server's words, which may have it in them, go into the log."""
        log.warning("mail %s (%s) was not sent: %s %s", mail.pk, mail.kind, failure.step, failure.code or "")
        if failure.is_final:
            outbox.note_failed(mail, failure.told)
            return
        pause = backoff.pause(mail.attempts, first=FIRST_PAUSE, most=LONGEST_PAUSE, chance=random.random())
        if failure.is_everybodys:
            self._troubles += 1
            rest = backoff.pause(self._troubles, first=FIRST_REST, most=LONGEST_REST, chance=random.random())
            self._resting_until = self._clock() + rest.total_seconds()
            pause = min(pause, LONGEST_REST) if failure.code is None else pause
        outbox.put_back(mail, failure.told, pause)
