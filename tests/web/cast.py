"""What the people of these tests have in common, and what happened to them."""

import email
import email.policy
import re
import time
from email.message import EmailMessage
from typing import Any
from unittest.mock import patch

from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from momentum.web.accounts.models import User
from momentum.web.contests.models import Contest
from momentum.web.contests.opening import encoded_opening
from momentum.web.games.models import AnswerResult, Game, PlayerResult, QuestionResult
from momentum.web.mail.courier import Courier
from momentum.web.mail.models import Mail, Priority
from momentum.web.mail.transport import transport
from momentum.web.play import pins
from momentum.web.play.models import Pin

PASSWORD = "correct horse battery"
GINA = "guest_" + "a" * 32


def content(answer: Any) -> str:
    """What a page says, without the tokens of its forms: letters by chance, among which any name may be."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


def open_pin(contest: Contest) -> Pin:
    """A PIN as it stands after the host has looked at the lobby."""
    pin = pins.get_or_issue(contest, encoded_opening)
    Game.objects.create(
        pk=str(pin.game_id),
        source_contest_id=str(contest.pk),
        name=contest.name,
        access=contest.access,
        created_ms=time.time_ns() // 1_000_000,
    )
    return pin


def end_game(pin: Pin, *players: User | str, questions: int = 2) -> None:
    """As realtime ends a game: the first player answers all rightly, everybody else all wrongly with option 3."""
    game_id = str(pin.game_id)
    Game.objects.filter(pk=game_id).update(ended_ms=time.time_ns() // 1_000_000)
    for place, player in enumerate(players, start=1):
        PlayerResult.objects.create(
            game_id=game_id,
            user_id=_id(player),
            source_contest_id=str(pin.contest_id),
            username=player.username if isinstance(player, User) else "Gina",
            is_host=False,
            rank=place,
            place=place,
            score=900 * questions if place == 1 else 0,
            correct_ms=2_500 * questions if place == 1 else 0,
            correct_count=questions if place == 1 else 0,
            answer_count=questions,
        )
    for number in range(1, questions + 1):
        QuestionResult.objects.create(
            game_id=game_id,
            number=number,
            bank_id="b",
            category="Rivers",
            difficulty="easy",
            text=f"Question {number}?",
            options=["one", "two", "three", "four"],
            correct=0,
            explanation="Because.",
            close_reason="answered",
            voided=False,
        )
        for place, player in enumerate(players, start=1):
            AnswerResult.objects.create(
                game_id=game_id,
                number=number,
                user_id=_id(player),
                bank_id="b",
                category="Rivers",
                choice=0 if place == 1 else 3,
                correct=place == 1,
                points=900 if place == 1 else 0,
                t_ms=2_500,
                credit_ms=0,
            )


def saved(answer: Any) -> bytes:
    """What a browser saves of a file that is sent."""
    return b"".join(answer.streaming_content)


def work() -> None:
    """What the worker does next, whenever that is due."""
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
    work_off_what_is_due()


def work_off_what_is_due() -> None:
    """What the worker does now."""
    # Between tasks a worker lets go of its connection, as views do; here that one has the test's transaction.
    with patch("django_tasks_db.management.commands.db_worker.close_old_connections"):
        call_command("db_worker", batch=True, startup_delay=False, verbosity=0, interval=0)


def written(mail: Mail) -> str:
    """The text of a mail that waits."""
    message = email.message_from_string(mail.message, _class=EmailMessage, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    part = message.get_body(("plain",))
    assert part
    text: str = part.get_content()
    return text


def post_mails() -> None:
    """The worker sends all mails that are due."""
    courier = Courier(transport(), tuple(Priority), "here-0")
    while courier.send_next():
        pass
    courier.close()


def _id(player: Any) -> str:
    return str(player.pk) if isinstance(player, User) else str(player)
