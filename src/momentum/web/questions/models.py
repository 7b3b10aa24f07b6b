"""What can be asked."""

import uuid
from itertools import combinations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

OPTIONS = 4


class Difficulty(models.TextChoices):
    EASY = "easy", _("Easy")
    MEDIUM = "medium", _("Medium")
    HARD = "hard", _("Hard")


class Category(models.Model):
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=60)

    class Meta:
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name


class StarterBank(models.Model):
    """Which version of the starter bank is loaded. One row at most."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(name="starter_bank_one_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return self.digest


class Question(models.Model):
    """A question of the bank. `answer` is the index of the right option; `key` names a question of the starter bank."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="questions")
    key = models.SlugField(max_length=80, null=True, blank=True, unique=True, editable=False)
    category = models.ForeignKey(Category, models.PROTECT, related_name="questions")
    difficulty = models.CharField(max_length=6, choices=Difficulty.choices)
    text = models.CharField(max_length=300)
    options = models.JSONField()
    answer = models.PositiveSmallIntegerField()
    explanation = models.CharField(max_length=300, blank=True)
    archived = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["difficulty", "category"], condition=Q(archived=False), name="question_drawable")
        ]
        constraints = [
            models.CheckConstraint(
                name="question_starter_has_key",
                condition=Q(owner=None, key__isnull=False) | Q(owner__isnull=False, key=None),
            ),
            models.CheckConstraint(name="question_difficulty", condition=Q(difficulty__in=Difficulty.values)),
            models.CheckConstraint(name="question_answer_is_an_option", condition=Q(answer__lt=OPTIONS)),
            models.CheckConstraint(name="question_text", condition=~Q(text="")),
            models.CheckConstraint(
                name="question_has_four_options", condition=Q(options__3__isnull=False, options__4__isnull=True)
            ),
            *(
                models.CheckConstraint(
                    name=f"question_options_{one}_{other}_differ",
                    condition=~Q(**{f"options__{one}": F(f"options__{other}")}),
                )
                for one, other in combinations(range(OPTIONS), 2)
            ),
        ]

    def __str__(self) -> str:
        return self.text
