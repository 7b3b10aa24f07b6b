"""Fills an installation with what people leave: accounts, sessions, contests, PINs, tasks, a game played to its end and
one that is open. Run as a process of that installation."""

import asyncio
import os
import uuid

import msgspec
from tests.game.table import Table, created

from momentum.environment import Environment
from momentum.game.phases import Phase
from momentum.realtime.journal.contract import Entry, GameRow, Slice
from momentum.realtime.journal.sqlite import SqliteJournal
from momentum.realtime.results import results_of
from momentum.wiring.django_setup import set_up_django

ENDED = "6a0d3a52-0000-4000-8000-00000000000e"
OPEN = "6a0d3a52-0000-4000-8000-00000000000f"
NAMES = ("Alice", "Zoë", "李雷", "O'Brien\\t")


def main() -> None:
    set_up_django()
    from django.test import Client

    from momentum.web.accounts.models import User
    from momentum.web.accounts.queries import check_credentials
    from momentum.web.contests.actions import ContestSettings, create_contest
    from momentum.web.contests.opening import encoded_opening
    from momentum.web.mail import outbox
    from momentum.web.play import pins

    users = [
        User.objects.create_user(name, f"person{number}@example.org", "correct horse battery")
        for number, name in enumerate(NAMES)
    ]
    Client().force_login(users[1], "allauth.account.auth_backends.AuthenticationBackend")
    check_credentials(NAMES[0], "wrong", "192.0.2.1")
    outbox.post("test", "bob@example.org", "Hello", "a\\b\tc\nd ☂")
    quiz = create_contest(users[0], ContestSettings(name="Friday “quiz”", question_count=3, categories=("geography",)))
    create_contest(users[2], ContestSettings(name="\\N", question_count=1))
    pins.get_or_issue(quiz, encoded_opening)
    asyncio.run(_keep(_to_the_end(_table(ENDED, str(quiz.pk))), _table(OPEN, str(quiz.pk))))


def _table(game_id: str, contest_id: str) -> Table:
    table = Table(msgspec.structs.replace(created(), game_id=game_id, source_contest_id=contest_id))
    table.join("bob", "dora")
    table.open_next()
    table.answer("bob")
    return table


def _to_the_end(table: Table) -> Table:
    while table.game.phase is not Phase.OVER:
        if table.game.phase is Phase.QUESTION:
            table.answer("dora", "Rome", 2_000)
        table.fire()
    return table


async def _keep(*tables: Table) -> None:
    """As realtime does: the game with its first entries, then the others, the results with the last."""
    environment = Environment.read(os.environ)
    journal = SqliteJournal(environment.data_dir / "games.sqlite3", environment.durability)
    for game, log in ((table.game, table.journal) for table in tables):
        first, *others = (Entry(seq, event, event.at) for seq, event in enumerate(log, start=1))
        row = GameRow(
            id=game.id,
            source_contest_id=game.source_contest_id,
            name=game.name,
            access="anyone",
            incarnation=uuid.uuid4().hex,
            created_ms=1_000,
        )
        assert await journal.create(row, "node-1", (first,))
        results = results_of(game, 2_000) if game.phase is Phase.OVER else None
        kept = await journal.append([Slice(game_id=game.id, epoch=1, entries=tuple(others), results=results)])
        assert kept == {game.id: "kept"}
    await journal.close()


if __name__ == "__main__":
    main()
