"""From environment variables to one frozen, checked `Environment`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import Literal, cast
from urllib.parse import urlsplit

from momentum.environment import dotenv
from momentum.environment.addresses import lan_addresses, own_names
from momentum.environment.errors import SettingsError
from momentum.environment.secret_keys import HOW, made_once, refuse_weak
from momentum.environment.values import Values

Mode = Literal["development", "production"]
Durability = Literal["power", "process"]
WebhookTargets = Literal["public", "any"]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Bounds that an operator may move; those of the wire protocol are fixed."""

    keep_journal_days: int = 365
    max_connections: int = 20_000
    max_unauthenticated: int = 1_000
    max_games_per_host: int = 5
    login_failures_per_account: int = 10
    login_failures_per_minute_per_address: int = 200
    join_failures_per_minute_per_address: int = 200
    email_per_second: int = 10
    email_per_day: int = 100_000
    mails_per_day: int = 1_000
    keep_invitations_days: int = 90


@dataclass(frozen=True)
class EmailOAuth:
    """Where access tokens for the mail server come from, while the refresh token counts (OAuth 2)."""

    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Environment:
    """All settings, checked. docs/reference/settings.md says what each means; secrets are left out of its repr."""

    mode: Mode
    data_dir: Path
    """Absolute, and there."""
    database_url: str | None = field(repr=False)
    redis_url: str | None = field(repr=False)
    durability: Durability
    jwt_secrets: tuple[str, ...] = field(repr=False)
    """The first signs; all are accepted."""
    secret_key: str = field(repr=False)
    bind_host: str
    web_port: int
    realtime_port: int
    public_url: str | None
    """scheme://host[:port]"""
    allowed_hosts: tuple[str, ...]
    allowed_origins: tuple[str, ...]
    trusted_proxies: tuple[str, ...]
    """Networks, such as 10.0.0.0/8."""
    metrics_addr: str | None
    """host:port"""
    websocket_url: str | None
    realtime_service_url: str
    node_url: str | None
    """Where the other realtime nodes reach this one."""
    email_url: str | None = field(repr=False)
    email_from: str
    email_oauth: EmailOAuth | None
    webhook_targets: WebhookTargets
    limits: Limits

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Environment":
        """Read `environ` and the `.env` file; make the data directory, and in development missing secrets.

        Raises SettingsError, whose sentence says what to do.
        """
        values = Values(variables(environ))
        mode = cast(Mode, values.one_of("MOMENTUM_ENV", "development", "production"))
        values.not_yet("REDIS_URL", "Redis")
        data_dir = _data_dir(values)
        ports = _ports(values)
        public_url = values.origin("PUBLIC_URL")
        hosts = _allowed_hosts(values, mode, public_url)
        return cls(
            mode=mode,
            data_dir=data_dir,
            database_url=values.database_url("DATABASE_URL"),
            redis_url=None,
            durability=cast(Durability, values.one_of("DURABILITY", "power", "process")),
            jwt_secrets=_jwt_secrets(values, mode, data_dir),
            secret_key=_secret(values, "SECRET_KEY", mode, data_dir),
            bind_host=values.text("BIND_HOST") or "0.0.0.0",
            web_port=ports[0],
            realtime_port=ports[1],
            public_url=public_url,
            allowed_hosts=hosts,
            allowed_origins=_allowed_origins(values, mode, public_url, hosts, ports[0]),
            trusted_proxies=values.networks("TRUSTED_PROXIES"),
            metrics_addr=values.host_and_port("METRICS_ADDR"),
            websocket_url=values.url("WEBSOCKET_URL", "ws", "wss"),
            realtime_service_url=values.url("REALTIME_SERVICE_URL", "http", "https") or f"http://127.0.0.1:{ports[1]}",
            node_url=values.url("NODE_URL", "http", "https"),
            email_url=values.url("EMAIL_URL", "smtp", "smtp+tls", "smtps"),
            email_from=_email_from(values),
            email_oauth=_email_oauth(values),
            webhook_targets=_webhook_targets(values, mode),
            limits=_limits(values),
        )


def variables(environ: Mapping[str, str]) -> Mapping[str, str]:
    """The real variables over those of the `.env` file."""
    named = environ.get("MOMENTUM_ENV_FILE")
    path = Path(".env" if named is None else named)
    if named == "" or (named is None and not path.is_file()):
        return environ
    return {**dotenv.read(path), **{name: value for name, value in environ.items() if value.strip()}}


def _data_dir(values: Values) -> Path:
    path = Path(values.text("MOMENTUM_DATA_DIR") or "var").expanduser().absolute()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"The data directory {path} cannot be made ({error.strerror}): "
            "set MOMENTUM_DATA_DIR to a folder that you may write to."
        ) from error
    return path


def _ports(values: Values) -> tuple[int, int]:
    web, realtime = values.port("WEB_PORT", 3000), values.port("REALTIME_PORT", 8080)
    if web == realtime:
        raise SettingsError(f"WEB_PORT and REALTIME_PORT are both {web}: set one of them to another free port.")
    return web, realtime


def _secret(values: Values, name: str, mode: Mode, data_dir: Path) -> str:
    value = values.text(name)
    if mode == "development":
        return value or made_once(data_dir, name)
    if value is None:
        raise SettingsError(f"{name} is missing, and production needs it. {HOW}")
    refuse_weak(name, value)
    return value


def _jwt_secrets(values: Values, mode: Mode, data_dir: Path) -> tuple[str, ...]:
    current = _secret(values, "JWT_SECRET", mode, data_dir)
    if current == values.text("SECRET_KEY"):
        raise SettingsError(f"JWT_SECRET and SECRET_KEY are the same: give each a value of its own. {HOW}")
    if (previous := values.text("JWT_SECRET_PREVIOUS")) is None:
        return (current,)
    if mode == "production":
        refuse_weak("JWT_SECRET_PREVIOUS", previous)
    return (current, previous)


def _allowed_hosts(values: Values, mode: Mode, public_url: str | None) -> tuple[str, ...]:
    public = (urlsplit(public_url).hostname or "",) if public_url else ()
    given = (*public, *values.hosts("ALLOWED_HOSTS"))
    if mode == "development":
        given = (*given, "localhost", "127.0.0.1", "[::1]", *lan_addresses(), *own_names())
    elif not given:
        raise SettingsError(
            "Production needs to know its address: set PUBLIC_URL to what people type, such as https://quiz.example.org."
        )
    elif "*" in given:
        raise SettingsError("ALLOWED_HOSTS is *, which lets others pose as this site: name the hosts.")
    return tuple(dict.fromkeys(given))


def _allowed_origins(
    values: Values, mode: Mode, public_url: str | None, hosts: tuple[str, ...], web_port: int
) -> tuple[str, ...]:
    public = (public_url.lower(),) if public_url else ()
    if given := values.origins("ALLOWED_ORIGINS"):
        return tuple(dict.fromkeys((*public, *given)))
    named = [host for host in hosts if host != "*" and not host.startswith(".")]
    if mode == "development":
        return tuple(dict.fromkeys((*public, *(f"http://{host}:{web_port}" for host in named))))
    return tuple(dict.fromkeys((*public, *(f"https://{host}" for host in named))))


def _email_from(values: Values) -> str:
    sender = values.text("EMAIL_FROM") or "Momentum <momentum@localhost>"
    if not sender.isprintable() or not re.fullmatch(r"[^@\s]+@[^@\s]+", parseaddr(sender)[1]):
        raise SettingsError("EMAIL_FROM is no sender: write it like Quiz <quiz@example.org>.")
    return sender


def _email_oauth(values: Values) -> EmailOAuth | None:
    url = values.url("EMAIL_OAUTH_TOKEN_URL", "https", "http") or "https://oauth2.googleapis.com/token"
    names = ("EMAIL_OAUTH_CLIENT_ID", "EMAIL_OAUTH_CLIENT_SECRET", "EMAIL_OAUTH_REFRESH_TOKEN")
    given = {name: value for name in names if (value := values.text(name))}
    if not given:
        return None
    if missing := [name for name in names if name not in given]:
        raise SettingsError(f"{missing[0]} is missing: OAuth 2 for mails needs all three settings of it.")
    if not urlsplit(values.text("EMAIL_URL") or "").username:
        raise SettingsError(
            "EMAIL_URL names no user: OAuth 2 needs it, as in smtp+tls://me%40gmail.com@smtp.gmail.com."
        )
    client_id, client_secret, refresh_token = given.values()
    return EmailOAuth(token_url=url, client_id=client_id, client_secret=client_secret, refresh_token=refresh_token)


def _webhook_targets(values: Values, mode: Mode) -> WebhookTargets:
    words = ("any", "public") if mode == "development" else ("public", "any")
    return cast(WebhookTargets, values.one_of("WEBHOOK_TARGETS", *words))


def _limits(values: Values) -> Limits:
    standard = Limits()
    return Limits(**{name: values.number(name.upper(), default) for name, default in vars(standard).items()})
