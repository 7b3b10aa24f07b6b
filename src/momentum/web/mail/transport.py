"""How mails leave: through the server of EMAIL_URL, else into files that a development page shows."""

import os
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as Smtp
from django.core.mail.message import EmailMessage

TIMEOUT_S = 10
PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def folder() -> Path:
    """Where mails are kept."""
    return settings.MOMENTUM.data_dir / "mails"


class MailTransport(BaseEmailBackend):
    """Sends by SMTP where EMAIL_URL is set, keeps one `.eml` file a mail otherwise."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        if settings.MOMENTUM.email_url:
            return smtp(settings.MOMENTUM.email_url).send_messages(email_messages) or 0
        for message in email_messages:
            keep(message)
        return len(email_messages)


def smtp(url: str) -> Smtp:
    """smtp://, smtp+tls:// (STARTTLS) or smtps:// with user, password, host and port, percent-encoded."""
    parts = urlsplit(url)
    return Smtp(
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_tls=parts.scheme == "smtp+tls",
        use_ssl=parts.scheme == "smtps",
        timeout=TIMEOUT_S,
    )


def keep(message: EmailMessage) -> None:
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}.eml"
    descriptor = os.open(folder() / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(message.message().as_bytes())
