"""What an organiser sets up."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from momentum.game.settings import INTERMISSION_S, MAX_NAME, MAX_PLAYERS, MAX_QUESTIONS, TIMER_S
from momentum.web.contests.status import Status
from momentum.web.questions.models import Category


class ContestType(models.TextChoices):
    QUICK_FIRE = "quick_fire", _("Quick fire")
    STANDARD = "standard", _("Standard")
    MARATHON = "marathon", _("Marathon")


class Difficulty(models.TextChoices):
    EASY = "easy", _("Easy")
    MEDIUM = "medium", _("Medium")
    HARD = "hard", _("Hard")
    MIXED = "mixed", _("Mixed")


class Pace(models.TextChoices):
    EVERYONE = "everyone", _("Everyone answers")
    RACE = "race", _("Race: the first right answer wins")


class Reveal(models.TextChoices):
    AT_CLOSE = "at_close", _("When the question closes")
    IMMEDIATE = "immediate", _("At once, to who answered")


class Access(models.TextChoices):
    ANYONE = "anyone", _("Anyone with the PIN")
    ACCOUNTS = "accounts", _("Only people with an account")


class Contest(models.Model):
    """A contest and how its games run. `intermission_s` None: the host says when to go on. `private`: made by an
    API call without a contest, so that the game's results have a home."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="contests")
    name = models.CharField(_("name"), max_length=MAX_NAME)
    contest_type = models.CharField(
        _("type"), max_length=10, choices=ContestType.choices, default=ContestType.QUICK_FIRE
    )
    status = models.CharField(max_length=6, choices=Status.choices, default=Status.DRAFT, editable=False)
    difficulty = models.CharField(_("difficulty"), max_length=6, choices=Difficulty.choices, default=Difficulty.MIXED)
    categories = models.ManyToManyField(Category, verbose_name=_("categories"), blank=True)
    question_count = models.PositiveSmallIntegerField(_("questions"), default=10)
    pace = models.CharField(_("pace"), max_length=8, choices=Pace.choices, default=Pace.EVERYONE)
    max_players = models.PositiveIntegerField(_("seats"), default=100)
    host_plays = models.BooleanField(_("I play too"), default=False)
    intermission_s = models.PositiveSmallIntegerField(_("seconds between questions"), null=True, blank=True, default=6)
    question_timer_s = models.PositiveSmallIntegerField(_("seconds per question"), default=15)
    reveal = models.CharField(_("result shown"), max_length=9, choices=Reveal.choices, default=Reveal.AT_CLOSE)
    late_join = models.BooleanField(_("late players may join"), default=True)
    access = models.CharField(_("who may play"), max_length=8, choices=Access.choices, default=Access.ANYONE)
    planned_at = models.DateTimeField(_("planned for"), null=True, blank=True)
    private = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["owner", "-created_at"], condition=Q(deleted_at=None), name="contest_of_owner")]
        constraints = [
            models.CheckConstraint(name="contest_name", condition=~Q(name="")),
            *(
                models.CheckConstraint(name=f"contest_{field}", condition=Q(**{f"{field}__in": choices.values}))
                for field, choices in (
                    ("contest_type", ContestType),
                    ("status", Status),
                    ("difficulty", Difficulty),
                    ("pace", Pace),
                    ("reveal", Reveal),
                    ("access", Access),
                )
            ),
            models.CheckConstraint(
                name="contest_question_count", condition=Q(question_count__range=(1, MAX_QUESTIONS))
            ),
            models.CheckConstraint(name="contest_max_players", condition=Q(max_players__range=(1, MAX_PLAYERS))),
            models.CheckConstraint(name="contest_timer", condition=Q(question_timer_s__range=TIMER_S)),
            models.CheckConstraint(
                name="contest_intermission", condition=Q(intermission_s=None) | Q(intermission_s__range=INTERMISSION_S)
            ),
        ]

    def __str__(self) -> str:
        return self.name
