"""What the results page shows: the board, and how each question went."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Avg, Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from momentum.web.accounts import queries as accounts
from momentum.web.games.models import AnswerResult, Game, PlayerResult, QuestionResult
from momentum.web.play.models import Pin
from momentum.web.play.people import Person

ROWS = 100


@dataclass(frozen=True)
class BoardRow:
    """`rank` None: removed by the host."""

    rank: int | None
    name: str
    score: int
    correct_count: int
    answer_count: int
    correct_seconds: str
    is_you: bool
    is_host: bool


@dataclass(frozen=True)
class OptionSummary:
    letter: str
    text: str
    count: int
    percent: int
    correct: bool
    yours: bool


@dataclass(frozen=True)
class QuestionSummary:
    """`sentence` says in words what the bars show. `voided`: closed without points."""

    number: int
    text: str
    category: str
    difficulty: str
    explanation: str
    options: tuple[OptionSummary, ...]
    answered: int
    not_answered: int
    correct_percent: int | None
    average_seconds: str
    your_points: int | None
    voided: bool
    sentence: str


@dataclass(frozen=True)
class ResultsPage:
    """`state`: running, over or unplayed (it ended before a question was asked)."""

    game_id: str
    contest_name: str
    state: str
    ended_at: datetime | None
    is_host: bool
    lobby_url: str
    game_url: str
    player_count: int = 0
    question_count: int = 0
    board: tuple[BoardRow, ...] = ()
    you: BoardRow | None = None
    page_number: int = 1
    page_count: int = 1
    previous_url: str = ""
    next_url: str = ""
    questions: tuple[QuestionSummary, ...] = ()


def results_page(pin: Pin, who: Person, page_number: int) -> ResultsPage:
    """The results of a game for its host or one of its players. `page_number`: of the board; put in range."""
    game_id = str(pin.game_id)
    is_host = who.user_id == str(pin.contest.owner_id)
    game = Game.objects.filter(pk=game_id).first()
    questions = list(QuestionResult.objects.filter(game_id=game_id).order_by("number"))
    ended = game is not None and game.ended_ms is not None
    head: dict[str, Any] = {
        "game_id": game_id,
        "contest_name": game.name if game else pin.contest.name,
        "ended_at": datetime.fromtimestamp(game.ended_ms / 1000, UTC) if game and game.ended_ms else None,
        "is_host": is_host,
        "lobby_url": reverse("lobby", args=[pin.contest_id]) if is_host else "",
        "game_url": reverse("game", args=[pin.game_id]),
    }
    if not ended or not questions:
        return ResultsPage(**head, state="unplayed" if ended or pin.retired_at else "running")
    return ResultsPage(**head, state="over", **_board(game_id, who, page_number), **_questions(game_id, who, questions))


def _board(game_id: str, who: Person, page_number: int) -> dict[str, Any]:
    results = PlayerResult.objects.filter(game_id=game_id)
    count = results.count()
    pages = max(1, -(-count // ROWS))
    number = min(max(1, page_number), pages)
    shown = list(results.order_by("place")[(number - 1) * ROWS : number * ROWS])
    own = (
        next((row for row in shown if row.user_id == who.user_id), None) or results.filter(user_id=who.user_id).first()
    )
    gone = accounts.deleted_ids([row.user_id for row in shown])
    url = reverse("results", args=[game_id])
    return {
        "player_count": count,
        "board": tuple(_row(row, who, gone) for row in shown),
        "you": _row(own, who, gone) if own else None,
        "page_number": number,
        "page_count": pages,
        "previous_url": f"{url}?page={number - 1}" if number > 1 else "",
        "next_url": f"{url}?page={number + 1}" if number < pages else "",
    }


def _row(result: PlayerResult, who: Person, gone: set[str]) -> BoardRow:
    return BoardRow(
        rank=result.rank,
        name=_("Former player") if result.user_id in gone else result.username,
        score=result.score,
        correct_count=result.correct_count,
        answer_count=result.answer_count,
        correct_seconds=_seconds(result.correct_ms),
        is_you=result.user_id == who.user_id,
        is_host=result.is_host,
    )


def _questions(game_id: str, who: Person, questions: Iterable[QuestionResult]) -> dict[str, Any]:
    answers = AnswerResult.objects.filter(game_id=game_id)
    counts = {
        (row["number"], row["choice"]): row["n"]
        for row in answers.values("number", "choice").annotate(n=Count("user_id")).order_by()
    }
    times = dict(answers.values_list("number").annotate(mean=Avg("t_ms")).order_by())
    yours = {answer.number: answer for answer in answers.filter(user_id=who.user_id)}
    seats = PlayerResult.objects.filter(game_id=game_id, rank__isnull=False).count()
    summaries = tuple(
        _summary(
            question,
            Counter({choice: n for (number, choice), n in counts.items() if number == question.number}),
            times.get(question.number),
            yours.get(question.number),
            seats,
        )
        for question in questions
    )
    return {"question_count": len(summaries), "questions": summaries}


def _summary(
    question: QuestionResult, counts: Counter[int], mean_ms: float | None, yours: AnswerResult | None, seats: int
) -> QuestionSummary:
    answered = counts.total()
    right = counts[question.correct]
    return QuestionSummary(
        number=question.number,
        text=question.text,
        category=question.category,
        difficulty=question.difficulty,
        explanation=question.explanation,
        options=tuple(
            OptionSummary(
                letter=chr(ord("A") + index),
                text=text,
                count=counts[index],
                percent=_percent(counts[index], answered),
                correct=index == question.correct,
                yours=yours is not None and yours.choice == index,
            )
            for index, text in enumerate(question.options)
        ),
        answered=answered,
        not_answered=max(0, seats - answered),
        correct_percent=_percent(right, answered) if answered else None,
        average_seconds="" if mean_ms is None else _seconds(round(mean_ms)),
        your_points=yours.points if yours else None,
        voided=question.voided,
        sentence=_sentence(answered, right, seats),
    )


def _sentence(answered: int, right: int, seats: int) -> str:
    if not answered:
        return _("Nobody answered.")
    answers = ngettext("%(n)d of %(seats)d answered", "%(n)d of %(seats)d answered", answered) % {
        "n": answered,
        "seats": max(seats, answered),
    }
    rights = ngettext("%(n)d was right", "%(n)d were right", right) % {"n": right}
    return _("%(answers)s, %(rights)s.") % {"answers": answers, "rights": rights}


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def _seconds(ms: int) -> str:
    return f"{ms / 1000:.1f}"
