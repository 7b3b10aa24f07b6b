"""The table of all settings: the one place that names them. `.env.example` and the reference page are made from it."""

from dataclasses import dataclass
from typing import Literal

Group = Literal["Where it runs", "Secrets", "Addresses", "Stores", "Mail", "Limits"]


@dataclass(frozen=True)
class Setting:
    """One setting: its variable, what it is when unset (in words), and what it means."""

    name: str
    group: Group
    default: str
    meaning: str
    example: str
    other_names: tuple[str, ...] = ()
    """Names that are read too; when several are set they must agree."""


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "MOMENTUM_ENV",
        "Where it runs",
        "development",
        "`development` makes missing secrets by itself and admits this machine's own addresses; `production` "
        "refuses to start until what it needs is set.",
        "production",
    ),
    Setting(
        "MOMENTUM_DATA_DIR",
        "Where it runs",
        "./var",
        "The folder of everything that Momentum keeps: SQLite files, mails, and in development the secrets.",
        "/var/lib/momentum",
    ),
    Setting(
        "MOMENTUM_ENV_FILE",
        "Where it runs",
        ".env",
        "The file of further settings, one NAME=value a line. Read from the environment only; empty means no file. "
        "A variable that is really set wins over the file.",
        "/etc/momentum/env",
    ),
    Setting(
        "JWT_SECRET",
        "Secrets",
        "made once in development; required in production",
        "Signs tickets and tokens: the same for the site and for realtime, at least 32 bytes.",
        "(64 random characters, from: openssl rand -hex 32)",
        ("QUIZ_JWT_SECRET",),
    ),
    Setting(
        "JWT_SECRET_PREVIOUS",
        "Secrets",
        "none",
        "The older signing secret, still accepted while JWT_SECRET is being replaced. Remove it two days later.",
        "(the JWT_SECRET from before; random characters too)",
    ),
    Setting(
        "SECRET_KEY",
        "Secrets",
        "made once in development; required in production",
        "Signs the site's sessions and forms: at least 32 bytes, and not JWT_SECRET.",
        "(64 other random characters)",
    ),
    Setting(
        "BIND_HOST",
        "Addresses",
        "0.0.0.0",
        "The address that the site and realtime listen on. 127.0.0.1 behind a proxy on the same machine.",
        "127.0.0.1",
    ),
    Setting("WEB_PORT", "Addresses", "3000", "The port of the site.", "3000"),
    Setting("REALTIME_PORT", "Addresses", "8080", "The port of realtime: HTTP and WebSocket.", "8080"),
    Setting(
        "PUBLIC_URL",
        "Addresses",
        "none",
        "The address at which people reach the site, for links in mails. "
        "In production this or ALLOWED_HOSTS is required.",
        "https://quiz.example.org",
    ),
    Setting(
        "ALLOWED_HOSTS",
        "Addresses",
        "the host of PUBLIC_URL; in development also localhost and this machine's names and addresses",
        "Host names that the site answers to, separated by commas.",
        "quiz.example.org,www.quiz.example.org",
    ),
    Setting(
        "ALLOWED_ORIGINS",
        "Addresses",
        "the origins of PUBLIC_URL and ALLOWED_HOSTS",
        "Origins whose pages may open a WebSocket or post forms, separated by commas.",
        "https://quiz.example.org",
    ),
    Setting(
        "TRUSTED_PROXIES",
        "Addresses",
        "none",
        "Addresses or networks of proxies whose X-Forwarded-For and X-Forwarded-Proto count, separated by commas.",
        "10.0.0.0/8,127.0.0.1",
    ),
    Setting(
        "WEBSOCKET_URL",
        "Addresses",
        "the host of the page's own request, with REALTIME_PORT",
        "Where browsers open the WebSocket: ws:// or wss://, host and port, and the path of a proxy if there is one.",
        "wss://quiz.example.org",
        ("NEXT_PUBLIC_WEBSOCKET_URL",),
    ),
    Setting(
        "REALTIME_SERVICE_URL",
        "Addresses",
        "http://127.0.0.1:REALTIME_PORT",
        "Where the site calls realtime.",
        "http://realtime.internal:8080",
        ("GO_WEBSOCKET_SERVICE_URL",),
    ),
    Setting(
        "NODE_URL",
        "Addresses",
        "http://127.0.0.1:REALTIME_PORT",
        "Where the other realtime nodes reach this one, with PostgreSQL and several of them. Then WEBSOCKET_URL of "
        "each realtime says where browsers reach that one; unset, it is NODE_URL as ws:// or wss://.",
        "http://10.0.0.5:8080",
    ),
    Setting(
        "METRICS_ADDR",
        "Addresses",
        "none: /metrics is on REALTIME_PORT",
        "A private address (host:port) that /metrics moves to.",
        "127.0.0.1:9090",
    ),
    Setting(
        "WEBHOOK_TARGETS",
        "Addresses",
        "public in production, any in development",
        "Where organisers' webhooks may lead: `public` admits https:// on the open internet, `any` also http:// and "
        "private networks, which the organisers can then reach through this server.",
        "public",
    ),
    Setting(
        "DATABASE_URL",
        "Stores",
        "SQLite files in the data directory",
        "A PostgreSQL database, which then has everything but kept mails. By a Unix socket: "
        "postgresql:///momentum?host=/run/postgresql. All parameters of libpq may follow, such as sslmode=verify-full.",
        "postgresql://momentum:password@127.0.0.1:5432/momentum",
    ),
    Setting(
        "REDIS_URL",
        "Stores",
        "none: messages stay in one process",
        "Redis, to carry messages between several realtime nodes: not yet in this version, which does not start where "
        "this is set.",
        "redis://127.0.0.1:6379/0",
    ),
    Setting(
        "DURABILITY",
        "Stores",
        "power",
        "`power`: an answer is acknowledged when it is on the disk. `process`: when it would survive a crash of "
        "Momentum, though not a power cut; faster on slow disks.",
        "power",
    ),
    Setting(
        "EMAIL_URL",
        "Mail",
        "none: mails are kept in the data directory and, in development, shown to this machine at /dev/mail/",
        "The mail server: smtp:// (plain), smtp+tls:// (STARTTLS) or smtps:// (TLS), with user, password and port. "
        "Gmail: smtp+tls://you%40gmail.com:app-password@smtp.gmail.com:587.",
        "smtp+tls://user:password@mail.example.org:587",
    ),
    Setting(
        "EMAIL_OAUTH_CLIENT_ID",
        "Mail",
        "none: the password of EMAIL_URL",
        "With the two below, log in by OAuth 2 (XOAUTH2) instead of a password, as the user of EMAIL_URL.",
        "1234-abc.apps.googleusercontent.com",
    ),
    Setting("EMAIL_OAUTH_CLIENT_SECRET", "Mail", "none", "The secret of that client.", "(from the provider's console)"),
    Setting(
        "EMAIL_OAUTH_REFRESH_TOKEN",
        "Mail",
        "none",
        "The token that access tokens are fetched with.",
        "(from the provider's consent page)",
    ),
    Setting(
        "EMAIL_OAUTH_TOKEN_URL",
        "Mail",
        "https://oauth2.googleapis.com/token",
        "Where access tokens are fetched.",
        "https://login.microsoftonline.com/common/oauth2/v2.0/token",
    ),
    Setting("EMAIL_FROM", "Mail", "Momentum <momentum@localhost>", "The sender of mails.", "Quiz <quiz@example.org>"),
    Setting(
        "KEEP_JOURNAL_DAYS",
        "Limits",
        "365",
        "How long the journal of a game stays after its end. Its results stay for good.",
        "365",
    ),
    Setting("MAX_CONNECTIONS", "Limits", "20000", "Open sockets of one realtime process.", "20000"),
    Setting("MAX_UNAUTHENTICATED", "Limits", "1000", "Sockets among them that have not shown a token yet.", "1000"),
    Setting("MAX_GAMES_PER_HOST", "Limits", "5", "Open games of one organiser.", "5"),
    Setting(
        "LOGIN_FAILURES_PER_ACCOUNT",
        "Limits",
        "10",
        "Wrong passwords for one account before it is locked for a while.",
        "10",
    ),
    Setting(
        "LOGIN_FAILURES_PER_MINUTE_PER_ADDRESS",
        "Limits",
        "200",
        "Wrong passwords a minute from one address; a school shares one.",
        "200",
    ),
    Setting(
        "JOIN_FAILURES_PER_MINUTE_PER_ADDRESS",
        "Limits",
        "200",
        "Wrong PINs a minute from one address; a right PIN always passes.",
        "200",
    ),
    Setting("EMAIL_PER_SECOND", "Limits", "10", "Mails a second, over all workers, that the provider allows.", "10"),
    Setting(
        "EMAIL_PER_DAY",
        "Limits",
        "100000",
        "Mails in 24 hours that the provider allows; a tenth is left to account mails. Gmail: 500, Workspace: 2000.",
        "500",
    ),
    Setting(
        "MAILS_PER_DAY",
        "Limits",
        "1000",
        "Mails that one account may have sent to others in 24 hours: invitations, reminders, results and those of the "
        "API.",
        "200",
    ),
    Setting(
        "KEEP_INVITATIONS_DAYS",
        "Limits",
        "90",
        "How long the addresses of invited people stay after the contest is over or the invitation has expired.",
        "30",
    ),
)
