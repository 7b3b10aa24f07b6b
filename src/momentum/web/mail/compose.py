"""Writing a mail as the wire has it: headers, text, HTML, an event for the calendar.

Pure: id, time and sender are handed in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, parseaddr
from uuid import UUID

LONGEST = 254
ADDRESS = re.compile(
    r"(?=.{3,254}\Z)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@"
    r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*"
)


class Wire(EmailPolicy):
    """Addresses of pages stay in one line, however long: the library would encode them as words, which no mail program
    takes for an address."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.startswith("List-"):
            return f"{name}: {value}\r\n".encode("ascii")
        return super().fold_binary(name, value)


WIRE = Wire() + SMTP


@dataclass(frozen=True)
class CalendarPart:
    """An iCalendar object and its METHOD."""

    method: str
    text: str


class BadAddress(ValueError):
    """No mail can go to this address. `str()` does not repeat it."""


def compose(
    *, to: str, sender: str, subject: str, text: str, message_id: str, at: datetime, html: str = "",
    headers: Mapping[str, str] | None = None, calendar: CalendarPart | None = None,
) -> str:  # fmt: skip
    """The whole message, in ASCII. Raises BadAddress, and ValueError where a header would have two lines.

    `headers`: further ones, such as List-Unsubscribe.
    """
    mail = EmailMessage(policy=WIRE)
    mail["From"] = sender
    mail["To"] = envelope_address(to)
    mail["Subject"] = subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = "auto-generated"
    for name, value in (headers or {}).items():
        mail[name] = value
    mail.set_content(text, cte="quoted-printable")
    if html:
        mail.add_alternative(html, subtype="html", cte="quoted-printable")
    if calendar:
        method = {"method": calendar.method}
        mail.add_alternative(calendar.text, subtype="calendar", cte="quoted-printable", params=method)
    return mail.as_bytes().decode("ascii")


def envelope_address(address: str) -> str:
    """The address as servers take it: one bare address, its host in ASCII. Raises BadAddress."""
    local, _at, host = address.rpartition("@")
    try:
        plain = f"{local}@{host.encode('idna').decode('ascii')}" if len(address) <= LONGEST else ""
    except UnicodeError:
        plain = ""
    if not ADDRESS.fullmatch(plain):
        raise BadAddress("This is no address that mails can be sent to.")
    return plain


def sender_address(sender: str) -> str:
    """The bare address of EMAIL_FROM, for the envelope."""
    return parseaddr(sender)[1]


def message_id(mail_id: UUID, sender: str) -> str:
    """The Message-ID of a mail: made from its row, so it stays the same however often it is sent."""
    host = sender_address(sender).rpartition("@")[2] or "localhost"
    return f"<{mail_id}@{host}>"
