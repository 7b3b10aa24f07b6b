"""The results of a contest that was played alone: of each player's attempt that counts."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet, Window
from django.db.models.functions import Rank, RowNumber

from momentum.web.attempts import scoreboard
from momentum.web.attempts.models import Attempt, AttemptAnswer, FrozenQuestion
from momentum.web.contests.models import Contest
from momentum.web.results.report import Given, Participant, Question, QuestionFigures

READ_AT_ONCE = 2_000


class AttemptsReport:
    """See `report.Report`. Questions have the numbers of the contest's own list, of which a marathon asks everybody
    others; those that nobody was asked are left out."""

    def __init__(self, contest: Contest) -> None:
        """`contest` has closed."""
        assert contest.closes_at is not None
        self.source_id = contest.pk
        self.contest = contest
        self.name = contest.name
        self.contest_type: str = contest.contest_type
        self.ended_at = contest.closes_at
        self._attempts = scoreboard.standing(contest).select_related("contest")
        self._answers = AttemptAnswer.objects.filter(attempt__in=self._attempts)

    def participant_count(self) -> int:
        return self._attempts.count()

    def participants(self, after_place: int, limit: int) -> list[Participant]:
        order = (F("score").desc(), F("correct_ms").asc())
        placed: QuerySet[Any] = self._attempts.annotate(
            place=Window(RowNumber(), order_by=[*order, F("started_at").asc(), F("pk").asc()]),
            rank=Window(Rank(), order_by=order),
        )
        shown = placed.filter(place__gt=after_place, place__lte=after_place + limit)
        return [_participant(row, row.rank, row.place) for row in shown.order_by("place")]

    def participant(self, player: str) -> Participant | None:
        own = self._attempts.filter(user_id=player).first()
        if own is None:
            return None
        better = Q(score__gt=own.score) | Q(score=own.score, correct_ms__lt=own.correct_ms)
        tied = Q(score=own.score, correct_ms=own.correct_ms)
        before = Q(started_at__lt=own.started_at) | Q(started_at=own.started_at, pk__lt=own.pk)
        rank = self._attempts.filter(better).count() + 1
        return _participant(own, rank, rank + self._attempts.filter(tied & before).count())

    def questions(self) -> list[Question]:
        asked = FrozenQuestion.objects.filter(contest=self.contest, pk__in=self._answers.values("question"))
        return [_question(row) for row in asked.order_by("position")]

    def figures(self) -> dict[int, QuestionFigures]:
        choices: defaultdict[int, Counter[int]] = defaultdict(Counter)
        asked: Counter[int] = Counter()
        for row in self._answers.values("question__position", "choice").annotate(n=Count("pk")).order_by():
            asked[row["question__position"]] += row["n"]
            if row["choice"] is not None:
                choices[row["question__position"]][row["choice"]] = row["n"]
        given = self._answers.filter(choice__isnull=False)
        means = dict(given.values_list("question__position").annotate(mean=Avg("t_ms")).order_by())
        return {number: QuestionFigures(choices[number], asked[number], means.get(number)) for number in asked}

    def answers_of(self, player: str) -> list[Given]:
        rows = self._answers.filter(attempt__user_id=player).order_by("position")
        return [_given(row) for row in rows.select_related("attempt", "question")]

    def answer_count(self) -> int:
        return self._answers.count()

    def answers(self) -> Iterator[Given]:
        rows = self._answers.order_by("attempt__user_id", "position").select_related("attempt", "question")
        for row in rows.iterator(READ_AT_ONCE):
            yield _given(row)


def _participant(attempt: Attempt, rank: int, place: int) -> Participant:
    return Participant(
        player=attempt.user_id,
        name=attempt.username,
        rank=rank,
        place=place,
        score=attempt.score,
        correct_ms=attempt.correct_ms,
        correct_count=attempt.correct_count,
        answer_count=attempt.answer_count,
        is_host=attempt.user_id == str(attempt.contest.owner_id),
    )


def _question(row: FrozenQuestion) -> Question:
    return Question(
        number=row.position,
        text=row.text,
        category=row.category,
        difficulty=row.difficulty,
        options=tuple(row.options),
        correct=row.correct,
        explanation=row.explanation,
        voided=row.voided_at is not None,
    )


def _given(row: AttemptAnswer) -> Given:
    return Given(
        player=row.attempt.user_id,
        number=row.question.position,
        choice=row.choice,
        correct=row.correct,
        points=0 if row.voided else row.points,
        t_ms=row.t_ms,
        credit_ms=0,
    )
