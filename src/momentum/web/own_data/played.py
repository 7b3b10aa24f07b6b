"""What a person has played, answer by answer."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from momentum.web.accounts.models import User
from momentum.web.attempts import scoreboard
from momentum.web.attempts.models import Attempt, AttemptAnswer, Participant
from momentum.web.games.models import AnswerResult, Game, PlayerResult, QuestionResult

Rows = list[dict[str, Any]]


def games(user: User) -> Rows:
    """Live games that are over, with every answer."""
    player = str(user.pk)
    seats = list(PlayerResult.objects.filter(user_id=player).order_by("game_id"))
    ids = [seat.game_id for seat in seats]
    over = {game.pk: game for game in Game.objects.filter(pk__in=ids)}
    questions = {(row.game_id, row.number): row for row in QuestionResult.objects.filter(game_id__in=ids)}
    answers: defaultdict[str, Rows] = defaultdict(list)
    for row in AnswerResult.objects.filter(game_id__in=ids, user_id=player).order_by("game_id", "number"):
        answers[row.game_id].append(_answer(row, questions[row.game_id, row.number]))
    return [_game(seat, over[seat.game_id], answers[seat.game_id]) for seat in seats]


def attempts(player: str, now: datetime) -> Rows:
    """Contests played alone that the person has come into, with every attempt and answer.

    What came of them stays out until the contest has closed, as it does on every page.
    """
    places = Participant.objects.filter(user_id=player).select_related("contest").order_by("joined_at", "pk")
    places = places.prefetch_related("attempts__answers__question")
    return [_place(place, scoreboard.is_closed(place.contest, now)) for place in places]


def _game(seat: PlayerResult, game: Game, answers: Rows) -> dict[str, Any]:
    kept = ("username", "is_host", "rank", "score", "correct_ms", "correct_count", "answer_count")
    return {
        "game_id": seat.game_id,
        "contest_id": seat.source_contest_id,
        "name": game.name,
        "ended_ms": game.ended_ms,
        **{name: getattr(seat, name) for name in kept},
        "answers": answers,
    }


def _answer(row: AnswerResult, question: QuestionResult) -> dict[str, Any]:
    kept = ("number", "correct", "points", "t_ms", "credit_ms")
    return {
        **{name: getattr(row, name) for name in kept},
        "category": row.category,
        "question": question.text,
        "answer": question.options[row.choice],
        "right_answer": question.options[question.correct],
    }


def _place(place: Participant, closed: bool) -> dict[str, Any]:
    return {
        "contest_id": place.contest_id,
        "contest": place.contest.name,
        "username": place.username,
        "joined_at": place.joined_at,
        "extra_percent": place.extra_percent,
        "extra_attempts": place.extra_attempts,
        "attempts": [_attempt(one, closed) for one in sorted(place.attempts.all(), key=lambda one: one.number)],
    }


def _attempt(attempt: Attempt, closed: bool) -> dict[str, Any]:
    kept = ("id", "number", "question_count", "started_at", "asked", "finished_at", "finish_reason")
    came_of = ("counts", "score", "correct_count", "answer_count", "correct_ms", "best_streak", "misses")
    answers = sorted(attempt.answers.all(), key=lambda one: one.position)
    return {
        **{name: getattr(attempt, name) for name in (*kept, *(came_of if closed else ()))},
        "answers": [_given(answer, closed) for answer in answers],
    }


def _given(answer: AttemptAnswer, closed: bool) -> dict[str, Any]:
    question = answer.question
    kept = ("position", "category", "t_ms", "opened_at", "answered_at")
    came_of = ("correct", "points", "voided")
    return {
        **{name: getattr(answer, name) for name in (*kept, *(came_of if closed else ()))},
        "question": question.text,
        "answer": None if answer.choice is None else question.options[answer.choice],
        **({"right_answer": question.options[question.correct]} if closed else {}),
    }
