"""Mails that Django itself or a library sends go into the outbox like all others."""

from collections.abc import Sequence

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

from momentum.web.mail import outbox


class OutboxBackend(BaseEmailBackend):
    """One mail for each recipient; only its subject and its text are kept."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            for to in message.recipients():
                outbox.post("other", to, str(message.subject), str(message.body))
        return len(email_messages)
