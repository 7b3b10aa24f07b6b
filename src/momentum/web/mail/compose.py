"""Writing a mail as the wire has it: headers, text, HTML. Pure: id, time and sender are handed in."""

from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from uuid import UUID


class BadAddress(ValueError):
    """No mail can go to this address. `str()` does not repeat it."""


def compose(
    *, to: str, sender: str, subject: str, text: str, message_id: str, at: datetime, html: str = "",
    headers: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    """The whole message, in ASCII. Raises BadAddress, and ValueError where a header would have two lines.

    `headers`: further ones, such as List-Unsubscribe.
    """
    mail = EmailMessage(policy=SMTP)
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
    return mail.as_bytes().decode("ascii")


def envelope_address(address: str) -> str:
    """The address as servers take it: one bare address, its host in ASCII. Raises BadAddress."""
    local, at, host = address.rpartition("@")
    try:
        ascii_host = host.encode("idna").decode("ascii")
        plain = Address(addr_spec=f"{local}@{ascii_host}").addr_spec
        plain.encode("ascii")
    except (ValueError, IndexError):
        raise BadAddress("This is no address that mails can be sent to.") from None
    if not (local and at and host) or len(plain) > 320 or not plain.isprintable() or " " in plain:
        raise BadAddress("This is no address that mails can be sent to.")
    return plain


def sender_address(sender: str) -> str:
    """The bare address of EMAIL_FROM, for the envelope."""
    return parseaddr(sender)[1]


def message_id(mail_id: UUID, sender: str) -> str:
    """The Message-ID of a mail: made from its row, so it stays the same however often it is sent."""
    host = sender_address(sender).rpartition("@")[2] or "localhost"
    return f"<{mail_id}@{host}>"
