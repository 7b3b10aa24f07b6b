"""`momentum status`: which services answer, which games are open."""

import fcntl
from collections.abc import Callable, Iterator

from momentum.environment import Environment
from momentum.realtime.disk_watch import LOW_BYTES
from momentum.wiring import probe
from momentum.wiring.disk import free_bytes, in_words
from momentum.wiring.django_setup import set_up_django
from momentum.wiring.services import realtime_url, web_url


def run(environment: Environment, say: Callable[[str], None]) -> int:
    """Say it; returns 1 when a service does not answer."""
    answers = {
        "site": probe.is_ready(f"{web_url(environment)}/readyz"),
        "realtime": probe.is_ready(f"{realtime_url(environment)}/readyz"),
        "worker": worker_runs(environment),
    }
    for name, fine in answers.items():
        say(f"{name:<9} {'ready' if fine else 'not running, or not ready'}")
    for line in (*disk(environment), *open_games(), *mails()):
        say(line)
    return 0 if all(answers.values()) else 1


def worker_runs(environment: Environment) -> bool:
    """Whether a worker of this data directory is alive: it holds its place's lock."""
    for path in environment.data_dir.glob("worker-*.lock"):
        with path.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
    return False


def mails() -> Iterator[str]:
    """How the outbox stands."""
    set_up_django()
    from django.db import DatabaseError

    from momentum.web.mail.figures import figures

    try:
        now = figures()
    except DatabaseError:
        yield "mails     unknown: the database cannot be read; momentum check says why"
        return
    waiting = f", the oldest for {now.oldest_s / 60:.0f} min" if now.queued else ""
    lately = f"in 7 days {now.sent} sent, {now.failed} failed, {now.set_aside} set aside"
    yield f"mails     {now.queued} queued{waiting}; {lately}"


def disk(environment: Environment) -> Iterator[str]:
    """How much room SQLite's files have."""
    free = free_bytes(environment)
    if free is not None:
        yield f"disk      {in_words(free)} free{'' if free >= LOW_BYTES else ': free some space'}"


def open_games() -> Iterator[str]:
    """A line for each game that has not ended."""
    set_up_django()
    from django.db import DatabaseError
    from django.utils import timezone

    from momentum.web.games.models import Game, JournalEntry

    now_ms = int(timezone.now().timestamp() * 1000)
    try:
        games = list(Game.objects.filter(ended_ms=None).order_by("created_ms"))
        yield f"games     {len(games)} open"
        for game in games:
            came = JournalEntry.objects.filter(game_id=game.id, kind="player_joined")
            joined = came.values("user_id").distinct().count()
            minutes = max(0, now_ms - game.created_ms) // 60_000
            yield f"  {game.id}  {game.name}, {joined} joined, open for {minutes} min"
    except DatabaseError:
        yield "games     unknown: the database cannot be read; momentum check says why"
