"""Games of the past: who played what, when, how well."""

import random
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from momentum.web.accounts.models import User
from momentum.web.contests.models import Contest
from momentum.web.games.models import AnswerResult, Game, PlayerResult, QuestionResult
from momentum.web.play.models import Pin

CATEGORIES = ("Rivers", "Towns", "=1+1")


def played(
    contest: Contest, players: Sequence[User | str], *, seed: int = 1, ended_at: datetime | None = None, count: int = 4
) -> Pin:
    """A game of `contest` as realtime leaves it behind, with answers from a seed; the third question is voided."""
    chance = random.Random(seed)
    at = ended_at or timezone.now()
    game_id = uuid.UUID(int=chance.getrandbits(128), version=4)
    pin = Pin.objects.create(
        code=str(chance.randrange(100_000, 1_000_000)),
        contest=contest,
        game_id=game_id,
        issued_at=at - timedelta(hours=2),
        retired_at=at,
        played=True,
    )
    Game.objects.create(
        pk=str(game_id),
        source_contest_id=str(contest.pk),
        name=contest.name,
        access="anyone",
        created_ms=0,
        ended_ms=int(at.timestamp() * 1000),
    )
    answers = _ask(str(game_id), [_id(player) for player in players], chance, count)
    _place(contest, str(game_id), players, answers)
    return pin


def _ask(game_id: str, players: list[str], chance: random.Random, count: int) -> list[AnswerResult]:
    answers = []
    for number in range(1, count + 1):
        question = QuestionResult(
            game_id=game_id,
            number=number,
            bank_id="b",
            category=CATEGORIES[number % 3],
            difficulty="easy",
            text=f"Question {number}?",
            options=["one", "two", "three", "four"],
            correct=0,
            explanation="Because.",
            close_reason="answered",
            voided=number == 3,
        )
        question.save(force_insert=True)
        for player in players:
            if chance.random() < 0.8:
                choice = chance.choice((0, 0, 0, 1, 2, 3))
                answers.append(
                    AnswerResult(
                        game_id=game_id,
                        number=number,
                        user_id=player,
                        bank_id="b",
                        category=question.category,
                        choice=choice,
                        correct=choice == 0,
                        t_ms=chance.randrange(500, 9_000),
                        credit_ms=0,
                        points=chance.randrange(5, 10) * 100 if choice == 0 and not question.voided else 0,
                    )
                )
    return AnswerResult.objects.bulk_create(answers)


def _place(contest: Contest, game_id: str, players: Sequence[User | str], answers: list[AnswerResult]) -> None:
    def key(player: User | str) -> tuple[int, int]:
        right = [one for one in answers if one.user_id == _id(player) and one.correct and one.number != 3]
        return -sum(one.points for one in right), sum(one.t_ms for one in right)

    ordered = sorted(players, key=key)
    for place, player in enumerate(ordered, start=1):
        mine = [one for one in answers if one.user_id == _id(player)]
        right = [one for one in mine if one.correct and one.number != 3]
        PlayerResult.objects.create(
            game_id=game_id,
            user_id=_id(player),
            source_contest_id=str(contest.pk),
            username=player.username if isinstance(player, User) else "Gina",
            is_host=_id(player) == str(contest.owner_id),
            rank=1 + sum(key(other) < key(player) for other in ordered),
            place=place,
            score=-key(player)[0],
            correct_ms=key(player)[1],
            correct_count=len(right),
            answer_count=len(mine),
        )


def remove(pin: Pin, player: User) -> None:
    """The host had removed the player."""
    PlayerResult.objects.filter(game_id=str(pin.game_id), user_id=str(player.pk)).update(rank=None)


def _id(player: User | str | UUID) -> str:
    return str(player.pk) if isinstance(player, User) else str(player)
