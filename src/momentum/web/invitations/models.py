"""Invitations, the tokens that lead to them, and what has been told to whom."""

import uuid

from django.db import models
from django.db.models import Q

from momentum.game import names
from momentum.game.settings import MAX_NAME
from momentum.web.contests.models import Contest
from momentum.web.mail.models import Mail

LONGEST_ADDRESS = 254
LONGEST_NAME = 100
LONGEST_MESSAGE = 1_000


class Invitation(models.Model):
    """One person's place at the door of a contest. `address`: in lower case, its host in ASCII; only the organiser
    sees it. `language`: of the mails; empty: not said.

    `to_post`: a mail is still to be written, which the worker does. `mail`: the newest one, posted at `mailed_at`.
    `accepted_by`: who has the seat, an account's id or a guest's own; `accepted_name`: the guest's. `opened_at`: when
    somebody first looked at the page of the link.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contest = models.ForeignKey(Contest, models.CASCADE, related_name="invitations")
    address = models.CharField(max_length=LONGEST_ADDRESS)
    name = models.CharField(max_length=LONGEST_NAME, blank=True)
    message = models.CharField(max_length=LONGEST_MESSAGE, blank=True)
    language = models.CharField(max_length=10, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    to_post = models.BooleanField(default=True)
    mail = models.ForeignKey(Mail, models.SET_NULL, null=True, related_name="+")
    mailed_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.CharField(max_length=64, blank=True)
    accepted_name = models.CharField(max_length=names.MAX_BYTES, blank=True)
    declined_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["contest"], condition=Q(to_post=True), name="invitation_to_post")]
        constraints = [
            models.UniqueConstraint(fields=["contest", "address"], name="invitation_once"),
            models.UniqueConstraint(
                fields=["contest", "accepted_by"], condition=~Q(accepted_by=""), name="invitation_one_seat_each"
            ),
            models.CheckConstraint(
                name="invitation_accepted_by_somebody",
                condition=Q(accepted_at=None, accepted_by="") | (Q(accepted_at__isnull=False) & ~Q(accepted_by="")),
            ),
            models.CheckConstraint(name="invitation_one_answer", condition=Q(accepted_at=None) | Q(declined_at=None)),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class InvitationToken(models.Model):
    """A link that was sent. `token_hash`: SHA-256 of the token, in hex."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="tokens")
    token_hash = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"token {self.pk}"


class Announced(models.Model):
    """A contest as those who were invited know it: what invitations said, or the newest announcement.

    `sequence` rises with every change (the SEQUENCE of the calendar's entry); `changed_at`: when the organiser made
    the last one. `site_url` and `time_zone` are of the organiser's request: the worker that writes later mails has
    none.
    """

    contest = models.OneToOneField(Contest, models.CASCADE, primary_key=True, related_name="announced")
    name = models.CharField(max_length=MAX_NAME)
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    cancelled = models.BooleanField(default=False)
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    created_at = models.DateTimeField()
    site_url = models.CharField(max_length=300)
    time_zone = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "announced"

    def __str__(self) -> str:
        return self.name


class Announcement(models.Model):
    """Something that was told to an address, so that it is told once. `occasion`: which change, opening or game."""

    class Kind(models.TextChoices):
        REMINDER_DAY = "reminder_day"
        REMINDER_HOUR = "reminder_hour"
        CHANGED = "changed"
        CANCELLED = "cancelled"
        RESULTS = "results"

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="announcements")
    kind = models.CharField(max_length=13, choices=Kind.choices)
    occasion = models.CharField(max_length=40)
    address = models.CharField(max_length=LONGEST_ADDRESS)
    posted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contest", "kind", "occasion", "address"], name="announcement_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.occasion}"
