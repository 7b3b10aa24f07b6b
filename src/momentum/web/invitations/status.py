"""What has become of an invitation, derived from its row and its newest mail. The one place that says so."""

from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Q, QuerySet, TextChoices, Value, When
from django.utils.translation import gettext_lazy as _

from momentum.web.invitations.models import Invitation
from momentum.web.mail.models import Mail


class Status(TextChoices):
    QUEUED = "queued", _("Queued")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    OPENED = "opened", _("Opened")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    REVOKED = "revoked", _("Revoked")
    EXPIRED = "expired", _("Expired")


UNANSWERED = frozenset({Status.SENT, Status.OPENED})
"""Who may be reminded."""


def with_status(invitations: QuerySet[Invitation], at: datetime) -> Any:
    """The invitations, each with its `status` at that moment. What a person has said counts more than what a mail did,
    and the newest mail more than that an earlier one was opened."""
    failed = Q(mail__status__in=[Mail.Status.FAILED, Mail.Status.SET_ASIDE])
    return invitations.annotate(
        status=Case(
            When(revoked_at__isnull=False, then=Value(Status.REVOKED.value)),
            When(accepted_at__isnull=False, then=Value(Status.ACCEPTED.value)),
            When(declined_at__isnull=False, then=Value(Status.DECLINED.value)),
            When(to_post=True, then=Value(Status.QUEUED.value)),
            When(expires_at__lte=at, then=Value(Status.EXPIRED.value)),
            When(failed, then=Value(Status.FAILED.value)),
            When(mail__status=Mail.Status.QUEUED, then=Value(Status.QUEUED.value)),
            When(opened_at__isnull=False, then=Value(Status.OPENED.value)),
            default=Value(Status.SENT.value),
            output_field=CharField(),
        )
    )


def status_of(invitation: Invitation, at: datetime) -> Status:
    """The status of one that is in the database."""
    return Status(with_status(Invitation.objects.filter(pk=invitation.pk), at).get().status)


def lets_in(invitation: Invitation, at: datetime) -> bool:
    """Whether its links lead anywhere. An accepted one is its owner's seat, and does not expire."""
    if invitation.revoked_at is not None:
        return False
    return invitation.accepted_at is not None or at < invitation.expires_at
