"""Results of finished sources (games, and contests played alone), and what they add up to.

`player` is the id on every wire: an account's, or a guest's own (`guest_...`). Times ending in `_ms` are milliseconds.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from momentum.web.contests.models import Contest, ContestType

PLAYER = 64


class Ledger(models.Model):
    """One row. Who writes results, totals or ratings locks it first. PINs up to `settled_pin` need no more looking."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    settled_pin = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(name="ledger_one_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"settled up to PIN {self.settled_pin}"


class Source(models.Model):
    """What results come from: a game (by the game's id) or a contest played alone (by the contest's).

    `done`: its results are all here. `revision` rises when they are to be looked at again.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    contest = models.ForeignKey(Contest, models.CASCADE, related_name="sources")
    contest_type = models.CharField(max_length=10, choices=ContestType.choices)
    ended_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=0)
    done = models.BooleanField(default=False)
    rated = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["ended_at", "id"],
                condition=Q(contest_type="quick_fire", done=True, rated=False),
                name="source_to_rate",
            ),
            models.Index(fields=["ended_at", "id"], condition=Q(rated=True), name="source_rated"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Amounts(models.Model):
    """What is summed up."""

    score = models.BigIntegerField()
    correct_ms = models.BigIntegerField()
    correct_count = models.IntegerField()
    answer_count = models.IntegerField()

    class Meta:
        abstract = True


class Result(Amounts):
    """What one player reached in one source. `rank` None: removed by the host. `counts`: stands on leaderboards.
    `username`: a guest's; accounts have theirs, as it is now."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="results")
    contest = models.ForeignKey(Contest, models.CASCADE, related_name="results")
    player = models.CharField(max_length=PLAYER)
    username = models.CharField(max_length=96, blank=True)
    rank = models.IntegerField(null=True)
    best_streak = models.IntegerField()
    counts = models.BooleanField()
    ended_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "player"], name="result_source_player")]
        indexes = [
            models.Index(fields=["player", "-ended_at", "-id"], name="result_of_player"),
            models.Index(fields=["contest", "player"], name="result_of_contest"),
        ]

    def __str__(self) -> str:
        return f"{self.player}: {self.score}"


class Tally(Amounts):
    """The part of a result that a category has."""

    result = models.ForeignKey(Result, models.CASCADE, related_name="tallies")
    category = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["result", "category"], name="tally_result_category")]

    def __str__(self) -> str:
        return f"{self.category}: {self.score}"


class Board(models.Model):
    """`scope`: "site", "organiser:ID" or "contest:ID". `period`: "all", a month as "2026-11" or an ISO week as
    "2026-W48". `subject`: "all", "type:quick_fire" or "category:History". A contest has the board of all and all only.
    """

    scope = models.CharField(max_length=50)
    period = models.CharField(max_length=8)
    subject = models.CharField(max_length=110)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "period", "subject"], name="board_unique")]

    def __str__(self) -> str:
        return f"{self.scope} {self.period} {self.subject}"


class Total(Amounts):
    """A player's line on a board: the sum over `plays` results."""

    board = models.ForeignKey(Board, models.CASCADE, related_name="totals", db_index=False)
    player = models.CharField(max_length=PLAYER)
    plays = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["board", "player"], name="total_board_player")]
        indexes = [models.Index(fields=["board", "-score", "correct_ms", "player"], name="total_standing")]

    def __str__(self) -> str:
        return f"{self.player}: {self.score}"


class Profile(models.Model):
    """Whether a player's profile is for everybody here, and the player on the site's board. No row: it is not."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="profile")
    shared = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.pk)


class Rating(models.Model):
    """A player's rating after one game: `mu` is the skill, `sigma` how unsure it is, `games` how many made it."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="ratings")
    player = models.CharField(max_length=PLAYER)
    ended_at = models.DateTimeField()
    mu = models.FloatField()
    sigma = models.FloatField()
    games = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "player"], name="rating_source_player")]
        indexes = [models.Index(fields=["player", "-ended_at", "-source"], name="rating_of_player")]

    def __str__(self) -> str:
        return f"{self.player}: {self.mu:.2f} ± {self.sigma:.2f}"
