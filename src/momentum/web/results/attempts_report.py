"""The results of a contest that was played alone: of each player's attempt that counts."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Avg, Case, Count, F, QuerySet, Value, When

from momentum.web.attempts import rules, scoreboard
from momentum.web.attempts.models import AttemptAnswer, FrozenQuestion
from momentum.web.attempts.scoreboard import Placed
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
        return [_participant(placed) for placed in scoreboard.page(self._attempts, after_place, limit)]

    def participant(self, player: str) -> Participant | None:
        own = self._attempts.filter(user_id=player).first()
        return _participant(scoreboard.place_of(self._attempts, own)) if own else None

    def questions(self) -> list[Question]:
        asked = FrozenQuestion.objects.filter(contest=self.contest, pk__in=self._answers.values("question"))
        questions = [_question(row) for row in asked.order_by("position")]
        if rules.is_marathon(self.contest):
            figures = self.figures()
            questions.sort(key=lambda question: -figures[question.number].asked)
        return questions

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
        return [Given(*row) for row in self._given().filter(attempt__user_id=player).order_by("position")]

    def answer_count(self) -> int:
        return self._answers.count()

    def answers(self) -> Iterator[Given]:
        for row in self._given().order_by("attempt__user_id", "position").iterator(READ_AT_ONCE):
            yield Given(*row)

    def _given(self) -> QuerySet[Any, Any]:
        """The answers as the fields of Given, in their order."""
        return self._answers.values_list(
            "attempt__user_id",
            "question__position",
            "position",
            "choice",
            "correct",
            Case(When(voided=True, then=Value(0)), default=F("points")),
            "t_ms",
            Value(0),
        )


def _participant(placed: Placed) -> Participant:
    attempt = placed.attempt
    return Participant(
        player=attempt.user_id,
        name=attempt.username,
        rank=placed.rank,
        place=placed.place,
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
