"""What the worker tells realtime once more while it does not answer, for two minutes."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django_tasks import task
from django_tasks.base import Task

from momentum.web import realtime_client

PAUSES_S = (5, 10, 20, 40, 60)


@task()
def revoke(user_id: str, tries: int = 0) -> None:
    """Close the sockets of somebody who has logged out."""
    if not realtime_client.revoke(user_id):
        _again(revoke, user_id, tries)


@task()
def end_game(game_id: str, tries: int = 0) -> None:
    """End a game that nobody was told of. That realtime has no such game settles nothing: it may be making it."""
    if not realtime_client.end_game(game_id):
        _again(end_game, game_id, tries)


def _again(what: Task[Any, None], who: str, tries: int) -> None:
    if tries < len(PAUSES_S):
        due = timezone.now() + timedelta(seconds=PAUSES_S[tries])
        what.using(run_after=due).enqueue(who, tries + 1)
