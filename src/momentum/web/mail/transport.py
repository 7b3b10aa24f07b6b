"""How mails leave: through the server of EMAIL_URL, else into files that a development page shows."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from django.conf import settings

from momentum.web.mail.compose import sender_address
from momentum.web.mail.failures import MailFailure
from momentum.web.mail.models import Mail
from momentum.web.mail.oauth import AccessTokens
from momentum.web.mail.provider import Provider, provider
from momentum.web.mail.smtp import Connection

IDLE_S = 20.0
MAILS_EACH = 100
"""So many mails go over one connection: servers count them, and balance new ones."""


class Transport(Protocol):
    def send(self, mail: Mail) -> str:
        """Hand a mail over; returns the words of who took it. Raises MailFailure."""

    def rest(self) -> None:
        """There is nothing to do: what has long been idle is closed."""

    def close(self) -> None: ...


def transport() -> Transport:
    """The one that the settings ask for."""
    known = provider(settings.MOMENTUM)
    return SmtpTransport(known, settings.MOMENTUM.email_from) if known else FolderTransport()


class SmtpTransport:
    """Keeps its connection from mail to mail. `clock`: monotonic seconds."""

    def __init__(self, server: Provider, sender: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._provider, self._sender, self._clock = server, sender_address(sender), clock
        self._tokens = AccessTokens(server.oauth) if server.oauth else None
        self._connection: Connection | None = None
        self._sent, self._used_at = 0, 0.0

    def send(self, mail: Mail) -> str:
        connection = self._ready()
        try:
            words = connection.send(self._sender, mail.to, mail.message.encode())
        except MailFailure as failure:
            if failure.hung_up or not connection.reset():
                self.close()
            raise
        self._sent += 1
        self._used_at = self._clock()
        return words

    def rest(self) -> None:
        if self._connection and self._clock() - self._used_at > IDLE_S:
            self.close()

    def close(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    def _ready(self) -> Connection:
        """A connection that answers: the server may have closed ours while it was idle, and no mail is at fault."""
        self.rest()
        if self._connection and (self._sent >= MAILS_EACH or not self._connection.reset()):
            self.close()
        if self._connection is None:
            self._connection = Connection.open(self._provider, self._tokens)
            self._sent, self._used_at = 0, self._clock()
        return self._connection


class FolderTransport:
    """Keeps one `.eml` file a mail. The same mail has the same file, however often it is sent."""

    def send(self, mail: Mail) -> str:
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder() / f"{mail.created_at:%Y%m%dT%H%M%S%f}-{mail.pk.hex[:8]}.eml"
        unfinished = path.with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(mail.message.encode())
        unfinished.replace(path)
        return "kept in the data directory"

    def rest(self) -> None:
        """Files need no rest."""

    def close(self) -> None:
        """Nothing is open."""


def folder() -> Path:
    """Where mails are kept."""
    return settings.MOMENTUM.data_dir / "mails"
