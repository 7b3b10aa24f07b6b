"""Contests played alone. Ids of people are texts, as in games' results: an account's id, or a guest's own.

Everything a board or a report shows follows from FrozenQuestion and AttemptAnswer; an Attempt's tallies are kept so
that boards need no more than one row per player.
"""

import uuid

from django.db import models
from django.db.models import Q

from momentum.game import names
from momentum.game.attempt import FinishReason
from momentum.web.contests.models import Contest

MAX_EXTRA_PERCENT = 300
MAX_EXTRA_ATTEMPTS = 100


class FrozenQuestion(models.Model):
    """A question of the bank as it was when the contest was scheduled. `correct` is an index into `options`.

    In a standard contest `position` is the place at which everybody is asked it; a marathon's runs have an order each.
    `voided_at`: since then it earns nobody anything.
    """

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="frozen_questions")
    position = models.PositiveIntegerField()
    bank_id = models.CharField(max_length=64)
    category_slug = models.CharField(max_length=50)
    category = models.CharField(max_length=100)
    difficulty = models.CharField(max_length=16)
    text = models.TextField()
    options = models.JSONField()
    correct = models.PositiveSmallIntegerField()
    explanation = models.TextField(blank=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contest", "position"], name="frozen_question_position"),
            models.UniqueConstraint(fields=["contest", "bank_id"], name="frozen_question_once"),
        ]

    def __str__(self) -> str:
        return self.text


class AllowedPerson(models.Model):
    """Who may take part where the organiser keeps a list: `who` is an e-mail address or the key of an account's name.
    Only the organiser sees it."""

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="allowed_people")
    who = models.CharField(max_length=4 * names.MAX_BYTES)

    class Meta:
        verbose_name_plural = "allowed people"
        constraints = [models.UniqueConstraint(fields=["contest", "who"], name="allowed_person_once")]

    def __str__(self) -> str:
        return self.who


class Participant(models.Model):
    """Somebody who has come in, under a name that is theirs in this contest. `extra_percent`: more time than others
    have; `extra_attempts`: more attempts than the contest allows. Both by the organiser's hand."""

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="participants")
    user_id = models.CharField(max_length=64, db_index=True)
    username = models.CharField(max_length=names.MAX_BYTES)
    name_key = models.CharField(max_length=4 * names.MAX_BYTES)
    joined_at = models.DateTimeField()
    extra_percent = models.PositiveSmallIntegerField(default=0)
    extra_attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contest", "user_id"], name="participant_once"),
            models.UniqueConstraint(fields=["contest", "name_key"], name="participant_name"),
            models.CheckConstraint(name="participant_extra", condition=Q(extra_percent__lte=MAX_EXTRA_PERCENT)),
        ]

    def __str__(self) -> str:
        return self.username


class Attempt(models.Model):
    """One participant's way through a contest; of a marathon, a run. `number` counts a participant's attempts from 1.

    `seed` shuffles options (and a run's questions) and never leaves the server. `asked` of `question_count` questions
    have been opened; `opened_at`: since when the last of them is open, null between questions. `finished_at` is when it
    ended by the clock, however much later anybody looked. `counts`: on the board once finished, as the best run or the
    newest attempt.
    `misses`: wrong answers and time-outs. `revision` rises with every write, so that none is made on what is past.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contest = models.ForeignKey(Contest, models.PROTECT, related_name="attempts")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="attempts")
    user_id = models.CharField(max_length=64)
    username = models.CharField(max_length=names.MAX_BYTES)
    number = models.PositiveIntegerField()
    seed = models.BigIntegerField()
    extra_percent = models.PositiveSmallIntegerField(default=0)
    question_count = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    asked = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    finish_reason = models.CharField(max_length=12, blank=True)
    score = models.IntegerField(default=0)
    correct_count = models.IntegerField(default=0)
    answer_count = models.IntegerField(default=0)
    correct_ms = models.BigIntegerField(default=0)
    streak = models.IntegerField(default=0)
    best_streak = models.IntegerField(default=0)
    misses = models.IntegerField(default=0)
    counts = models.BooleanField(default=False)
    revision = models.IntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["contest", "-score", "correct_ms", "started_at"],
                condition=Q(counts=True, finished_at__isnull=False),
                name="attempt_board",
            ),
            models.Index(fields=["user_id", "-started_at"], name="attempt_of_user"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["contest", "user_id", "number"], name="attempt_number"),
            models.UniqueConstraint(
                fields=["contest", "user_id"], condition=Q(finished_at=None), name="attempt_one_running"
            ),
            models.UniqueConstraint(fields=["contest", "user_id"], condition=Q(counts=True), name="attempt_one_counts"),
            models.CheckConstraint(
                name="attempt_finish",
                condition=Q(finished_at=None, finish_reason="")
                | Q(
                    finished_at__isnull=False,
                    opened_at=None,
                    finish_reason__in=[reason.value for reason in FinishReason],
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.username}: {self.score}"


class AttemptAnswer(models.Model):
    """What became of one question of an attempt: an answer, or none within its time (`choice` null).

    `choice` is an index into the frozen question's options, whatever order this player saw. `points` are as given at
    the time; where `voided`, they do not count. Times in milliseconds: `t_ms` since the question was opened.
    """

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="answers")
    position = models.PositiveIntegerField()
    question = models.ForeignKey(FrozenQuestion, models.PROTECT, related_name="answers")
    bank_id = models.CharField(max_length=64)
    category_slug = models.CharField(max_length=50)
    category = models.CharField(max_length=100)
    choice = models.SmallIntegerField(null=True)
    correct = models.BooleanField()
    points = models.IntegerField()
    t_ms = models.IntegerField()
    opened_at = models.DateTimeField()
    answered_at = models.DateTimeField()
    voided = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position"], name="attempt_answer_once"),
            models.UniqueConstraint(fields=["attempt", "question"], name="attempt_question_once"),
            models.CheckConstraint(
                name="attempt_answer_worth",
                condition=Q(correct=True, choice__isnull=False) | Q(correct=False, points=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.position}"
