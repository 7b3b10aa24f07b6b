"""What an organiser sets up."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from momentum.game.settings import INTERMISSION_S, MAX_NAME, MAX_PLAYERS, MAX_QUESTIONS, TIMER_S
from momentum.web.contests.status import DATED, LIVE, Status
from momentum.web.questions.models import Category

TOTAL_TIME_S = (60, 24 * 60 * 60)
MAX_FREEZE_MIN = 10_000
MAX_RUNS = 1_000


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
    ANYONE = "anyone", _("Anyone, with or without an account")
    ACCOUNTS = "accounts", _("Only people with an account")


class Entry(models.TextChoices):
    LINK = "link", _("Anyone with the link or the PIN")
    PIN = "pin", _("Only with the PIN")
    LIST = "list", _("Only people on my list")
    INVITED = "invited", _("Only people I invite by mail")


class Timing(models.TextChoices):
    QUESTION = "question", _("Each question")
    WHOLE = "whole", _("The whole contest")
    BOTH = "both", _("Both")


class ResultsShown(models.TextChoices):
    AT_ONCE = "at_once", _("After each answer")
    AFTER_CLOSING = "after_closing", _("After the contest has closed")


class Scoreboard(models.TextChoices):
    VISIBLE = "visible", _("Visible")
    FROZEN = "frozen", _("Frozen for the last part")
    HIDDEN = "hidden", _("Hidden until it closes")


class Contest(models.Model):
    """A contest and how it is played.

    Of live games: `intermission_s` None: the host says when to go on. `private`: made by an API call without a
    contest, so that the game's results have a home. Of contests played alone: who is in the middle of an attempt at
    `closes_at` is stopped then. `max_runs` None: as many runs of a marathon as one likes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="contests")
    name = models.CharField(_("name"), max_length=MAX_NAME)
    contest_type = models.CharField(
        _("type"), max_length=10, choices=ContestType.choices, default=ContestType.QUICK_FIRE
    )
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.DRAFT, editable=False)
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
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    timing = models.CharField(_("what is timed"), max_length=8, choices=Timing.choices, default=Timing.QUESTION)
    total_time_s = models.PositiveIntegerField(_("seconds for the whole contest"), default=600)
    results_shown = models.CharField(
        _("results"), max_length=13, choices=ResultsShown.choices, default=ResultsShown.AFTER_CLOSING
    )
    scoreboard = models.CharField(_("scoreboard"), max_length=7, choices=Scoreboard.choices, default=Scoreboard.VISIBLE)
    freeze_min = models.PositiveSmallIntegerField(_("minutes that it is frozen"), default=30)
    entry = models.CharField(_("way in"), max_length=7, choices=Entry.choices, default=Entry.LINK)
    max_runs = models.PositiveSmallIntegerField(_("runs per player"), null=True, blank=True)
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
                    ("timing", Timing),
                    ("results_shown", ResultsShown),
                    ("scoreboard", Scoreboard),
                    ("entry", Entry),
                )
            ),
            models.CheckConstraint(
                name="contest_question_count", condition=Q(question_count__range=(1, MAX_QUESTIONS))
            ),
            models.CheckConstraint(name="contest_max_players", condition=Q(max_players__range=(1, MAX_PLAYERS))),
            models.CheckConstraint(name="contest_timer", condition=Q(question_timer_s__range=TIMER_S)),
            models.CheckConstraint(name="contest_total_time", condition=Q(total_time_s__range=TOTAL_TIME_S)),
            models.CheckConstraint(name="contest_max_runs", condition=Q(max_runs=None) | Q(max_runs__gte=1)),
            models.CheckConstraint(name="contest_closes_after_it_opens", condition=Q(closes_at__gt=F("opens_at"))),
            models.CheckConstraint(
                name="contest_is_dated",
                condition=~Q(status__in=sorted(DATED)) | Q(opens_at__isnull=False, closes_at__isnull=False),
            ),
            models.CheckConstraint(
                name="contest_status_fits_type",
                condition=Q(status=Status.DRAFT)
                | Q(contest_type=ContestType.QUICK_FIRE, status__in=sorted(LIVE))
                | ~Q(contest_type=ContestType.QUICK_FIRE) & Q(status__in=sorted(DATED)),
            ),
            models.CheckConstraint(
                name="contest_intermission", condition=Q(intermission_s=None) | Q(intermission_s__range=INTERMISSION_S)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_live(self) -> bool:
        """Played together, in games; all others everybody plays alone."""
        return self.contest_type == ContestType.QUICK_FIRE
