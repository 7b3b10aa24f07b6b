"""Fills an installation with what people leave: accounts, sessions, contests, PINs, tasks, a game played to its end and
one that is open. Run as a process of that installation."""

import uuid

import msgspec
from tests.game.table import Table, created, kind

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
    from momentum.web.mail.tasks import send
    from momentum.web.play import pins

    users = [
        User.objects.create_user(name, f"person{number}@example.org", "correct horse battery")
        for number, name in enumerate(NAMES)
    ]
    Client().force_login(users[1], "allauth.account.auth_backends.AuthenticationBackend")
    check_credentials(NAMES[0], "wrong", "192.0.2.1")
    send.enqueue("bob@example.org", "Hello", "a\\b\tc\nd ☂")
    quiz = create_contest(users[0], ContestSettings(name="Friday “quiz”", question_count=3, categories=("geography",)))
    create_contest(users[2], ContestSettings(name="\\N", question_count=1))
    pins.get_or_issue(quiz, encoded_opening)
    _keep(_to_the_end(_table(ENDED, str(quiz.pk))), ended=True)
    _keep(_table(OPEN, str(quiz.pk)), ended=False)


def _table(game_id: str, contest_id: str) -> Table:
    table = Table(msgspec.structs.replace(created(), game_id=game_id, source_contest_id=contest_id))
    table.join("bob", "dora")
    table.open_next()
    table.answer("bob")
    return table


def _to_the_end(table: Table) -> Table:
    while table.game.phase.value != "over":
        if table.game.phase.value == "question":
            table.answer("dora", "Rome", 2_000)
        table.fire()
    return table


def _keep(table: Table, *, ended: bool) -> None:
    from momentum.realtime.results import results_of
    from momentum.web.games.models import AnswerResult, Game, JournalEntry, PlayerResult, QuestionResult

    game = table.game
    Game.objects.create(
        id=game.id,
        source_contest_id=game.source_contest_id,
        name=game.name,
        access="anyone",
        epoch=1,
        node_id="node-1",
        incarnation=uuid.uuid4().hex,
        created_ms=1_000,
        ended_ms=2_000 if ended else None,
    )
    for seq, event in enumerate(table.journal, start=1):
        JournalEntry.objects.create(
            game_id=game.id,
            seq=seq,
            epoch=1,
            version=1,
            kind=kind(event),
            number=getattr(event, "number", None),
            user_id=getattr(event, "user_id", None),
            at_ms=event.at,
            mono_ms=event.at,
            body=msgspec.json.encode(event).decode(),
        )
    if ended:
        results = results_of(game, 2_000)
        for model, rows, more in (
            (PlayerResult, results.players, {"source_contest_id": game.source_contest_id}),
            (QuestionResult, results.questions, {}),
            (AnswerResult, results.answers, {}),
        ):
            for row in rows:
                model.objects.create(game_id=game.id, **msgspec.structs.asdict(row), **more)


if __name__ == "__main__":
    main()
