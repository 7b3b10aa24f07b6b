"""The mail server of EMAIL_URL, and how to show who we are."""

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote, urlsplit

from momentum.environment import Environment
from momentum.environment.reading import EmailOAuth

Security = Literal["none", "starttls", "tls"]
SECURITY: dict[str, Security] = {"smtp": "none", "smtp+tls": "starttls", "smtps": "tls"}
PORTS: dict[Security, int] = {"none": 25, "starttls": 587, "tls": 465}


@dataclass(frozen=True)
class Provider:
    """`user` "": without login. `oauth`: tokens instead of the password."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)
    oauth: EmailOAuth | None = None


def provider(environment: Environment) -> Provider | None:
    """The provider of the settings; None where mails are kept."""
    if not environment.email_url:
        return None
    parts = urlsplit(environment.email_url)
    security = SECURITY[parts.scheme]
    return Provider(
        host=parts.hostname or "",
        port=parts.port or PORTS[security],
        security=security,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        oauth=environment.email_oauth,
    )
