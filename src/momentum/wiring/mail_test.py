"""`momentum mail-test ADDRESS`: sends one mail at once, and says in words at which step it goes wrong."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from momentum.environment import Environment
from momentum.web.mail.compose import BadAddress, compose, envelope_address, message_id, sender_address
from momentum.web.mail.diagnosis import NAMES, advice
from momentum.web.mail.failures import MailFailure, Step
from momentum.web.mail.oauth import AccessTokens
from momentum.web.mail.provider import provider
from momentum.web.mail.smtp import Connection
from momentum.wiring.refusal import Refusal

TEXT = "This mail was sent by momentum mail-test. If you read it, mail works."


def run(environment: Environment, address: str, say: Callable[[str], None]) -> int:
    """Send it past the outbox; returns 1 when that fails. Raises Refusal."""
    server = provider(environment)
    if server is None:
        raise Refusal("EMAIL_URL is not set, so mails are kept in the data directory: set it to your mail server.")
    try:
        to = envelope_address(address)
    except BadAddress as error:
        raise Refusal(str(error)) from None
    sender = environment.email_from
    mail = compose(
        to=to, sender=sender, subject="Mail from Momentum works", text=TEXT,
        message_id=message_id(uuid.uuid4(), sender), at=datetime.now(UTC),
    )  # fmt: skip
    done: list[Step] = []
    try:
        connection = Connection.open(server, AccessTokens(server.oauth) if server.oauth else None, done.append)
        try:
            words = connection.send(sender_address(sender), to, mail.encode(), done.append)
        finally:
            connection.close()
    except MailFailure as failure:
        for step in done:
            if step != failure.step:
                say(f"ok     {NAMES[step]}")
        say(f"FAILED {NAMES[failure.step]}: {failure.told}")
        say(advice(failure, server, sender))
        return 1
    for step in done:
        say(f"ok     {NAMES[step]}")
    say(f"The server took the mail ({words}). If it does not arrive, look into the spam folder and the server's log.")
    return 0
