"""Whom to tell, and what was told."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class EventType(models.TextChoices):
    GAME_OVER = "game.over", _("A game is over")
    CONTEST_CLOSED = "contest.closed", _("A contest is closed")


TEST = "test"
"""The type of what the button "Send a test" sends: nobody chooses it."""


class Endpoint(models.Model):
    """An address of an organiser that wants to hear of `events`. `secret` signs: it must be at hand in clear.

    `failing_since`: nothing has arrived from then on. `paused_at`: nothing is sent from then on.
    """

    class PauseReason(models.TextChoices):
        OWNER = "owner"
        FAILING = "failing"
        GONE = "gone"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="webhook_endpoints")
    url = models.CharField(max_length=500)
    secret = models.CharField(max_length=80)
    events = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    failing_since = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    paused_because = models.CharField(max_length=7, choices=PauseReason.choices, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="webhook_pause_has_a_reason",
                condition=Q(paused_at=None, paused_because="") | (Q(paused_at__isnull=False) & ~Q(paused_because="")),
            )
        ]

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """One message for one endpoint. `occasion`: what happened, so that it is told once. `body`: the very bytes signed.

    While pending, `due_at` is when the next attempt may begin; an attempt moves it by a lease first, so that whoever
    dies over it leaves it to others. `attempts` rises with each claim: an outcome counts only for the latest one.
    `claimed_by`: the worker that is making an attempt, until its outcome is noted.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("waiting")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="deliveries")
    event_type = models.CharField(max_length=40)
    occasion = models.CharField(max_length=100)
    body = models.TextField()
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    claimed_by = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    give_up_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    response_status = models.PositiveSmallIntegerField(null=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(status="pending"), name="webhook_due"),
            models.Index(fields=["endpoint", "-created_at"], name="webhook_of_endpoint"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event_type", "occasion"], name="webhook_told_once"),
            models.CheckConstraint(
                name="webhook_finished",
                condition=Q(status="pending", finished_at=None) | (~Q(status="pending") & Q(finished_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.occasion}"

    @property
    def message_id(self) -> str:
        """The header webhook-id: the same in every attempt."""
        return f"msg_{self.pk.hex}"
