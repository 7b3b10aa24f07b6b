"""What an organiser does about invitations, and what time does to them."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from momentum.web.contests.models import Contest
from momentum.web.contests.status import Status as ContestStatus
from momentum.web.contests.status import status_at
from momentum.web.invitations import posting
from momentum.web.invitations.addresses import Entry, Verdict
from momentum.web.invitations.models import LONGEST_MESSAGE, Announced, Announcement, Invitation
from momentum.web.invitations.posting import Sender
from momentum.web.invitations.refusals import MessageTooLong, NotAgain, NotInvitable, TooManyAddresses
from momentum.web.invitations.status import UNANSWERED, Status, status_of, with_status
from momentum.web.mail import allowance, outbox, recipients
from momentum.web.mail.models import Category

MOST_AT_ONCE = 5_000
EACH_TIME = 50
"""So many in one transaction: others who write wait for it."""
NOT_AGAIN_WITHIN = timedelta(hours=1)
REMINDED_AFTER = timedelta(hours=12)
Person = TypeVar("Person", Entry, Invitation)


def is_invitable(contest: Contest) -> bool:
    """Whether somebody who is invited could take part."""
    status = status_at(contest, timezone.now())
    return not contest.deleted_at and status in (
        ContestStatus.READY, ContestStatus.PLAYED, ContestStatus.SCHEDULED, ContestStatus.OPEN,
    )  # fmt: skip


def invite(
    contest: Contest, entries: Sequence[Entry], *, message: str = "", language: str = "", sender: Sender
) -> list[Invitation]:
    """Invite those of the entries whose verdict is ok. What has been sent stays sent where a later part is refused.

    Raises NotInvitable, TooManyAddresses, MessageTooLong, AllowanceSpent.
    """
    people = [entry for entry in entries if entry.verdict is Verdict.OK]
    message = "\n".join(message.splitlines()).strip()
    _demand_invitable(contest)
    if len(people) > MOST_AT_ONCE:
        raise TooManyAddresses(MOST_AT_ONCE)
    if len(message) > LONGEST_MESSAGE:
        raise MessageTooLong
    with transaction.atomic():
        allowance.demand(sender.user, len(people))
    parts = _in_parts(people)
    return [one for part in parts for one in _invite_part(contest, part, message, language, sender)]


@transaction.atomic
def send_again(invitation: Invitation, sender: Sender) -> None:
    """Send the invitation once more, also one that was revoked or has expired: it counts again then.

    Raises NotInvitable, NotAgain, AllowanceSpent.
    """
    _demand_invitable(invitation.contest)
    _demand_again(invitation)
    allowance.demand(sender.user, 1)
    _post_again(invitation, sender)


def remind(contest: Contest, sender: Sender) -> int:
    """Send the invitation once more to everybody who has not answered it for half a day. Returns to how many.

    Raises NotInvitable, AllowanceSpent.
    """
    _demand_invitable(contest)
    waiting = to_remind(contest)
    with transaction.atomic():
        allowance.demand(sender.user, len(waiting))
    for part in _in_parts(waiting):
        with transaction.atomic():
            allowance.demand(sender.user, len(part))
            for invitation in part:
                _post_again(invitation, sender)
    return len(waiting)


def to_remind(contest: Contest) -> list[Invitation]:
    """Who has not answered for half a day, and takes invitations."""
    now = timezone.now()
    invitations = contest.invitations.filter(mailed_at__lte=now - REMINDED_AFTER).select_related("contest__owner")
    waiting = list(with_status(invitations, now).filter(status__in=UNANSWERED).order_by("mailed_at", "pk"))
    unwilling = recipients.unwilling([one.address for one in waiting], Category.INVITATIONS)
    return [one for one in waiting if one.address not in unwilling]


@transaction.atomic
def revoke(invitation: Invitation) -> None:
    """Its links lead nowhere any more, and a mail that waits does not go. Who has come in stays in."""
    Invitation.objects.filter(pk=invitation.pk, revoked_at=None).update(revoked_at=timezone.now())
    invitation.tokens.all().delete()
    if invitation.mail_id:
        outbox.withdraw(invitation.mail_id)


def forget_old() -> int:
    """Delete invitations, and with them the addresses, when they have been of no use for KEEP_INVITATIONS_DAYS, and at
    once where the organiser's account is gone. Returns how many."""
    before = timezone.now() - timedelta(days=settings.MOMENTUM.limits.keep_invitations_days)
    old = Invitation.objects.filter(Q(expires_at__lt=before) | Q(contest__owner__deleted_at__isnull=False))
    forgotten = old.count()
    old.delete()
    without = {"contest__invitations": None}
    Announcement.objects.filter(Q(posted_at__lt=before) | Q(**without)).delete()
    Announced.objects.filter(**without).delete()
    return forgotten


def _demand_invitable(contest: Contest) -> None:
    if not is_invitable(contest):
        raise NotInvitable


def _demand_again(invitation: Invitation) -> None:
    now = timezone.now()
    status = status_of(invitation, now)
    if status is Status.QUEUED:
        raise NotAgain(_("This invitation is on its way still."))
    if status is Status.DECLINED:
        raise NotAgain(_("They have declined. They can still come in by the link that they have."))
    if status in (Status.SENT, Status.OPENED, Status.ACCEPTED) and invitation.mailed_at > now - NOT_AGAIN_WITHIN:
        raise NotAgain(_("This invitation was sent less than an hour ago. Give them a little time."))
    if not recipients.wants(invitation.address, Category.INVITATIONS):
        raise NotAgain(_("They have unsubscribed from invitations."))


@transaction.atomic
def _invite_part(
    contest: Contest, part: Sequence[Entry], message: str, language: str, sender: Sender
) -> list[Invitation]:
    """Who has been invited meanwhile is not invited again."""
    allowance.demand(sender.user, len(part))
    now = timezone.now()
    announced = posting.know(contest, sender, now)
    addresses = [entry.address for entry in part]
    known = set(contest.invitations.filter(address__in=addresses).values_list("address", flat=True))
    invitations = [
        Invitation(
            contest=contest,
            address=entry.address,
            name=entry.name,
            message=message,
            language=language,
            created_at=now,
        )
        for entry in part
        if entry.address not in known
    ]
    for invitation in invitations:
        posting.post(invitation, announced, by=sender.user, now=now, again=False)
    return invitations


def _post_again(invitation: Invitation, sender: Sender) -> None:
    now = timezone.now()
    invitation.revoked_at = None
    posting.post(invitation, posting.know(invitation.contest, sender, now), by=sender.user, now=now, again=True)


def _in_parts(people: Sequence[Person]) -> Iterator[Sequence[Person]]:
    return (people[start : start + EACH_TIME] for start in range(0, len(people), EACH_TIME))
