"""PINs, and how often somebody missed one."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils import timezone

from momentum.web.contests.models import Contest


class Pin(models.Model):
    """Six digits that lead to one game of a contest, or to a contest that is played alone (`game_id` null). Retired
    when that is over; kept, for it says whose game it was.

    `opening`: the game as it was drawn, JSON of `protocol.internal.OpenGame`, so that asking realtime for it again asks
    for the same; emptied on retirement. `played`: a question was asked before the game ended.
    """

    code = models.CharField(max_length=6)
    contest = models.ForeignKey(Contest, models.CASCADE, related_name="pins")
    game_id = models.UUIDField(unique=True, null=True)
    issued_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)
    opening = models.TextField(blank=True)
    played = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=Q(retired_at=None), name="pin_one_open_per_code"),
            models.UniqueConstraint(fields=["contest"], condition=Q(retired_at=None), name="pin_one_open_per_contest"),
            models.CheckConstraint(
                name="pin_six_digits", condition=Q(Exact(Length("code"), 6), code__range=("100000", "999999"))
            ),
        ]

    def __str__(self) -> str:
        return self.code


class PinMiss(models.Model):
    """Wrong PINs of one caller (an address or an account) in one minute."""

    caller = models.CharField(max_length=64)
    minute = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["caller", "minute"], name="pin_miss_caller_minute")]

    def __str__(self) -> str:
        return f"{self.count} at {self.minute}"
