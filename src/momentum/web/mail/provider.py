"""The mail server of EMAIL_URL, and how to show who we are."""

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote, urlsplit

from momentum.environment import Environment

Security = Literal["none", "starttls", "tls"]
SECURITY: dict[str, Security] = {"smtp": "none", "smtp+tls": "starttls", "smtps": "tls"}
PORTS: dict[Security, int] = {"none": 25, "starttls": 587, "tls": 465}


@dataclass(frozen=True)
class OAuth:
    """Where access tokens come from, for as long as the refresh token counts (OAuth 2)."""

    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)


@dataclass(frozen=True)
class Provider:
    """`user` "": without login. `oauth`: tokens instead of the password."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)
    oauth: OAuth | None = None


def provider(environment: Environment) -> Provider | None:
    """The provider of the settings; None where mails are kept."""
    if not environment.email_url:
        return None
    parts = urlsplit(environment.email_url)
    security = SECURITY[parts.scheme]
    oauth = environment.email_oauth
    return Provider(
        host=parts.hostname or "",
        port=parts.port or PORTS[security],
        security=security,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        oauth=OAuth(oauth.token_url, oauth.client_id, oauth.client_secret, oauth.refresh_token) if oauth else None,
    )
