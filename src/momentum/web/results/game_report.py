"""The results of a live game, from the tables that realtime wrote when it ended."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime

from django.db.models import Avg, Count

from momentum.web.contests.models import ContestType
from momentum.web.games.models import AnswerResult, Game, PlayerResult, QuestionResult
from momentum.web.play.models import Pin
from momentum.web.results.report import Given, Participant, Question, QuestionFigures

READ_AT_ONCE = 2_000


class GameReport:
    """See `report.Report`."""

    contest_type: str = ContestType.QUICK_FIRE

    def __init__(self, pin: Pin, game: Game) -> None:
        """`game` has ended."""
        assert pin.game_id is not None
        self.source_id = pin.game_id
        self.contest = pin.contest
        self.name = game.name
        self.ended_at = datetime.fromtimestamp((game.ended_ms or 0) / 1000, UTC)
        self._players = PlayerResult.objects.filter(game_id=game.pk)
        self._questions = QuestionResult.objects.filter(game_id=game.pk)
        self._answers = AnswerResult.objects.filter(game_id=game.pk)

    def participant_count(self) -> int:
        return self._players.count()

    def participants(self, after_place: int, limit: int) -> list[Participant]:
        shown = self._players.filter(place__gt=after_place, place__lte=after_place + limit)
        return [_participant(row) for row in shown.order_by("place")]

    def participant(self, player: str) -> Participant | None:
        row = self._players.filter(user_id=player).first()
        return _participant(row) if row else None

    def questions(self) -> list[Question]:
        return [_question(row) for row in self._questions.order_by("number")]

    def figures(self) -> dict[int, QuestionFigures]:
        choices: defaultdict[int, Counter[int]] = defaultdict(Counter)
        for row in self._answers.values("number", "choice").annotate(n=Count("user_id")).order_by():
            choices[row["number"]][row["choice"]] = row["n"]
        means = dict(self._answers.values_list("number").annotate(mean=Avg("t_ms")).order_by())
        seats = self._players.filter(rank__isnull=False).count()
        numbers = self._questions.values_list("number", flat=True)
        return {number: QuestionFigures(choices[number], seats, means.get(number)) for number in numbers}

    def answers_of(self, player: str) -> list[Given]:
        return [_given(row) for row in self._answers.filter(user_id=player).order_by("number")]

    def answer_count(self) -> int:
        return self._answers.count()

    def answers(self) -> Iterator[Given]:
        for row in self._answers.order_by("user_id", "number").iterator(READ_AT_ONCE):
            yield _given(row)


def _participant(row: PlayerResult) -> Participant:
    return Participant(
        player=row.user_id,
        name=row.username,
        rank=row.rank,
        place=row.place,
        score=row.score,
        correct_ms=row.correct_ms,
        correct_count=row.correct_count,
        answer_count=row.answer_count,
        is_host=row.is_host,
    )


def _question(row: QuestionResult) -> Question:
    return Question(
        number=row.number,
        text=row.text,
        category=row.category,
        difficulty=row.difficulty,
        options=tuple(row.options),
        correct=row.correct,
        explanation=row.explanation,
        voided=row.voided,
    )


def _given(row: AnswerResult) -> Given:
    return Given(
        player=row.user_id,
        number=row.number,
        position=row.number,
        choice=row.choice,
        correct=row.correct,
        points=row.points,
        t_ms=row.t_ms,
        credit_ms=row.credit_ms,
    )
