"""Why mail does not work, and what to do about it, in words for an operator."""

from momentum.web.mail.failures import MailFailure, Step
from momentum.web.mail.provider import Provider

NAMES = {
    Step.DNS: "find the server by its name",
    Step.CONNECT: "connect to it",
    Step.TLS: "encrypt the connection",
    Step.GREETING: "hear its greeting",
    Step.TOKEN: "get an access token",
    Step.LOGIN: "log in",
    Step.SENDER: "be accepted as the sender",
    Step.RECIPIENT: "be allowed to write to the address",
    Step.DATA: "hand the mail over",
}


ADVICE = {
    Step.DNS: "The name {host} in EMAIL_URL leads nowhere. Check how it is written, and whether this machine can look "
    "up names.",
    Step.CONNECT: "{host} takes no connection on port {port}. Check the port (587 for smtp+tls://, 465 for smtps://), "
    "and whether a firewall or your hosting provider blocks outgoing mail.",
    Step.GREETING: "Nothing there speaks SMTP to us. Port 465 needs smtps://, port 587 smtp+tls://.",
    Step.SENDER: "The server does not let us send as {sender}. Set EMAIL_FROM to an address that belongs to the "
    "account of EMAIL_URL; if the server wants a login, give EMAIL_URL a user and a password.",
    Step.DATA: "The server refused the mail itself: its words above say why.",
}


def advice(failure: MailFailure, server: Provider, sender: str) -> str:
    """What probably is the matter, and what to do."""
    match failure.step:
        case Step.TLS:
            return _about_tls(failure.words)
        case Step.TOKEN:
            return _about_token(failure.words)
        case Step.LOGIN:
            return _about_login(failure.code, server)
        case Step.RECIPIENT:
            return _about_recipient(failure.code)
        case step:
            return ADVICE[step].format(host=server.host, port=server.port, sender=sender)


def _about_tls(words: str) -> str:
    if "STARTTLS" in words:
        return (
            "Use smtps:// and port 465 if the server speaks TLS from the first byte, smtp:// only in your own network."
        )
    if "certificate" in words or "ostname" in words:
        return "The certificate is not to be trusted. Use the name it was made for, and check this machine's clock."
    return "The server does not speak TLS from the first byte. Use smtp+tls:// and port 587."


def _about_token(words: str) -> str:
    if "invalid_grant" in words:
        return "The refresh token has ended or was revoked. Get a new one, and set EMAIL_OAUTH_REFRESH_TOKEN."
    if "invalid_client" in words or "unauthorized_client" in words:
        return "Check EMAIL_OAUTH_CLIENT_ID and EMAIL_OAUTH_CLIENT_SECRET."
    return "Check EMAIL_OAUTH_TOKEN_URL, and whether this machine reaches it."


def _about_login(code: int | None, server: Provider) -> str:
    if code in (534, 535) and server.oauth:
        return "The user of EMAIL_URL must be the account whose refresh token it is, with the scope for sending mail."
    if code in (534, 535):
        return (
            "The user or the password of EMAIL_URL is wrong, or needs percent-encoding (@ is %40). "
            "Gmail wants an app password, not the password of the account."
        )
    return "The server takes no login here. Leave user and password out of EMAIL_URL, or use smtp+tls:// or smtps://."


def _about_recipient(code: int | None) -> str:
    if code is not None and 400 <= code < 500:
        return "The server says: later. Some do so with everybody they do not know; Momentum tries again for a day."
    return "The server takes no mail for this address. Check it; if all are refused, EMAIL_URL may need a login."
