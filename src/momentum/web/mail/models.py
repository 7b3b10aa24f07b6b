"""The outbox."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Priority(models.IntegerChoices):
    ACCOUNT = 0, _("account")
    """Somebody waits for it at the screen: it passes all others."""
    ORGANISER = 1, _("organiser")


class Mail(models.Model):
    """A mail on its way, or what became of it. `message`: all of it, as ASCII; emptied when nothing more is to be sent.

    While queued, `due_at` is when the next attempt may begin; an attempt moves it by a lease first, so that whoever
    dies over it leaves it to others. `attempts` rises with each claim: an outcome counts only for the latest one.
    `unfinished`: attempts in a row of which nobody noted an outcome; `claimed_by`: the worker of the latest one.
    `answer`: the server's last words, or why not. `kept_until`: somebody is shown what became of it until then.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        SET_ASIDE = "set_aside", _("set aside")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    to = models.CharField(max_length=320)
    message_id = models.CharField(max_length=200, unique=True)
    message = models.TextField()
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.QUEUED)
    attempts = models.PositiveIntegerField(default=0)
    unfinished = models.PositiveIntegerField(default=0)
    claimed_by = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    give_up_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    kept_until = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["priority", "due_at"], condition=Q(status="queued"), name="mail_due"),
            models.Index(fields=["status", "finished_at"], name="mail_finished"),
        ]
        constraints = [
            models.CheckConstraint(
                name="mail_finished_has_a_time",
                condition=Q(status="queued", finished_at=None) | (~Q(status="queued") & Q(finished_at__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Pace(models.Model):
    """When the next mail may go: one row, shared by all workers."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    next_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="mail_pace_one_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return str(self.next_at)


class Category(models.TextChoices):
    """What a recipient can want or not. The values are names of fields."""

    INVITATIONS = "invitations", _("Invitations, and other messages of organisers")
    REMINDERS = "reminders", _("Reminders, and word of contests that change or are cancelled")
    RESULTS = "results", _("Results of contests")


def new_token() -> str:
    """128 random bits."""
    return secrets.token_urlsafe(16)


class Recipient(models.Model):
    """An address that organisers' mails go to, in lower case, and what its owner wants.

    Whoever has the token, which stands in each of these mails, can change that and nothing else.
    `language` "": never said. `mailed_at`: the last mail, to the day.
    """

    address = models.CharField(max_length=320, unique=True)
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    language = models.CharField(max_length=10, blank=True)
    invitations = models.BooleanField(default=True)
    reminders = models.BooleanField(default=True)
    results = models.BooleanField(default=True)
    mailed_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"recipient {self.pk}"
