"""The mails that were kept instead of sent."""

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from momentum.web.mail.transport import folder

NAME = re.compile(r"\d{8}T\d{12}-[0-9a-f]{8}\.eml")
LINK = re.compile(r"https?://\S+")
SHOWN = 100


@dataclass(frozen=True)
class KeptMail:
    """One kept mail; `name` is its file's name, `body` its plain text."""

    name: str
    subject: str
    to: str
    at: datetime
    body: str
    links: tuple[str, ...]


def kept_mails() -> list[KeptMail]:
    """The newest first, at most SHOWN of them."""
    names = sorted((path.name for path in folder().glob("*.eml") if NAME.fullmatch(path.name)), reverse=True)
    return [_read(folder() / name) for name in names[:SHOWN]]


def kept_mail(name: str) -> KeptMail | None:
    path = folder() / name
    return _read(path) if NAME.fullmatch(name) and path.is_file() else None


def _read(path: Path) -> KeptMail:
    message = email.message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    part = message.get_body(("plain",))
    body = part.get_content() if part else ""
    at = datetime.strptime(path.name.split("-")[0], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
    return KeptMail(path.name, message["Subject"] or "", message["To"] or "", at, body, tuple(LINK.findall(body)))
