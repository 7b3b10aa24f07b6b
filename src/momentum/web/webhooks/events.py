"""What can be told: public facts and ids. No player's name, no question and no key stands in a message."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from momentum.web.contests.models import Contest
from momentum.web.games.models import Game, PlayerResult, QuestionResult
from momentum.web.webhooks.models import TEST, EventType


@dataclass(frozen=True)
class Event:
    """Something that happened `at` a moment. `occasion` tells it from all others of its type: it is told once."""

    type: str
    occasion: str
    at: datetime
    data: dict[str, Any]


def game_over(game: Game, contest: Contest) -> Event:
    """A game has ended, and its results are there."""
    ended_at = _moment(game.ended_ms or 0)
    data = {
        **_of_contest(contest),
        "gameId": game.pk,
        "createdAt": _moment(game.created_ms).isoformat(),
        "endedAt": ended_at.isoformat(),
        "playerCount": PlayerResult.objects.filter(game_id=game.pk, rank__isnull=False).count(),
        "questionCount": QuestionResult.objects.filter(game_id=game.pk).count(),
    }
    return Event(EventType.GAME_OVER, game.pk, ended_at, data)


def contest_closed(contest: Contest, at: datetime) -> Event:
    """A contest closed at this moment; one that was opened again and closes again is another occasion."""
    data = {**_of_contest(contest), "closedAt": at.isoformat()}
    return Event(EventType.CONTEST_CLOSED, f"{contest.pk} {at.isoformat()}", at, data)


def trial(endpoint_id: UUID, at: datetime) -> Event:
    """Nothing happened; somebody tries whether messages arrive."""
    return Event(TEST, str(uuid4()), at, {"endpointId": str(endpoint_id)})


def _of_contest(contest: Contest) -> dict[str, Any]:
    return {"contestId": str(contest.pk), "contestName": contest.name, "contestType": contest.contest_type}


def _moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
