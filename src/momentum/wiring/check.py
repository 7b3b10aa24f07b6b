"""`momentum check`: what is wrong with an installation, in sentences that say what to do."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from momentum.environment import Environment, dotenv
from momentum.environment.table import SETTINGS
from momentum.protocol.tickets import Keys
from momentum.realtime.disk_watch import LOW_BYTES
from momentum.wiring import probe
from momentum.wiring.disk import free_bytes, in_words
from momentum.wiring.django_setup import set_up_django
from momentum.wiring.instance import is_free
from momentum.wiring.refusal import Refusal
from momentum.wiring.services import realtime_url, web_url


@dataclass(frozen=True)
class Finding:
    """What was looked at, and whether it is as it should be."""

    fine: bool
    sentence: str


def run(environment: Environment, say: Callable[[str], None]) -> int:
    """Look at everything; returns 1 when something is to be done."""
    findings = [
        *settings(environment, Path(os.environ.get("MOMENTUM_ENV_FILE", ".env"))),
        *database(),
        *server(environment),
        *disk(environment),
        *ports(environment),
        *realtime(environment),
    ]
    for finding in findings:
        say(f"{'ok    ' if finding.fine else 'TO DO '} {finding.sentence}")
    return 0 if all(finding.fine for finding in findings) else 1


def settings(environment: Environment, env_file: Path) -> Iterator[Finding]:
    """The mode, names that no setting has, and what an operator would miss."""
    yield Finding(True, f"Settings: {environment.mode}, data in {environment.data_dir}.")
    known = {name for setting in SETTINGS for name in (setting.name, *setting.other_names)}
    for name in sorted(dotenv.read(env_file).keys() - known) if env_file.is_file() else ():
        like = get_close_matches(name, known, n=1)
        advice = f"did you mean {like[0]}?" if like else "remove it, unless another program reads it."
        yield Finding(not like, f"{env_file} sets {name}, which is no setting of Momentum: {advice}")
    if environment.mode == "production" and not environment.email_url:
        yield Finding(False, "Mails do not leave this machine: set EMAIL_URL to your mail server.")


def database() -> Iterator[Finding]:
    """Whether it can be reached and fits this code."""
    set_up_django()
    from django.db import DatabaseError

    from momentum.wiring import schema

    try:
        schema.require_current()
        yield Finding(True, "The database can be reached and has this version's schema.")
    except Refusal as refusal:
        yield Finding(False, str(refusal))
    except DatabaseError as error:
        yield Finding(
            False, f"The database cannot be used ({type(error).__name__}): check DATABASE_URL and its server."
        )


def server(environment: Environment) -> Iterator[Finding]:
    """Whether a PostgreSQL server keeps what is committed, and has room."""
    if environment.database_url is None:
        return
    import psycopg

    from momentum.wiring import postgres

    try:
        sentences = list(postgres.shortcomings(environment))
    except psycopg.Error:
        return  # the database was looked at before, and this was said there
    for sentence in sentences:
        yield Finding(False, sentence)
    if not sentences:
        yield Finding(True, "The PostgreSQL server keeps what is committed, and has connections enough.")


def disk(environment: Environment) -> Iterator[Finding]:
    """Whether SQLite's files have room to grow."""
    free = free_bytes(environment)
    if free is None:
        return
    if free >= LOW_BYTES:
        yield Finding(True, f"The disk of {environment.data_dir} has {in_words(free)} free.")
    else:
        yield Finding(
            False,
            f"The disk of {environment.data_dir} has only {in_words(free)} free, and games stop when it is full: "
            "free some space.",
        )


def ports(environment: Environment) -> Iterator[Finding]:
    """Whether ours or another program's services have our ports."""
    for name, setting, port, url in (
        ("The site", "WEB_PORT", environment.web_port, web_url(environment)),
        ("Realtime", "REALTIME_PORT", environment.realtime_port, realtime_url(environment)),
    ):
        if probe.is_ready(f"{url}/readyz"):
            yield Finding(True, f"{name} is ready at {url}.")
        elif is_free(setting, environment.bind_host, port):
            yield Finding(True, f"{name} does not run here; port {port} is free for it.")
        else:
            yield Finding(
                False,
                f"Port {port} is taken, but {name.lower()} is not ready there: look at its log, "
                f"or stop the program that has the port, or set {setting} to a free one.",
            )


def realtime(environment: Environment) -> Iterator[Finding]:
    """Whether the realtime that the site calls signs and verifies with the same key."""
    url = environment.realtime_service_url
    answer = probe.ask(f"{url}/readyz")
    theirs = answer.fields.get("key_fingerprint") if answer else None
    if theirs is None:
        yield Finding(True, f"Keys were not compared: no realtime answers at {url} (REALTIME_SERVICE_URL).")
    elif theirs == Keys(environment.jwt_secrets).fingerprint:
        yield Finding(True, f"The site and the realtime at {url} have the same key.")
    else:
        yield Finding(
            False,
            f"The site and the realtime at {url} have different keys, so nobody can join a game: "
            "set JWT_SECRET (or QUIZ_JWT_SECRET) to the same value for both and start both again.",
        )
