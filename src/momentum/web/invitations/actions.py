"""What an organiser does about invitations, and what time does to them."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from momentum.web.accounts.models import User
from momentum.web.contests.models import Contest
from momentum.web.invitations import facts, posting
from momentum.web.invitations.addresses import Entry, Verdict
from momentum.web.invitations.models import LONGEST_MESSAGE, Announced, Announcement, Invitation
from momentum.web.invitations.posting import Sender
from momentum.web.invitations.refusals import MessageTooLong, NotAgain, NotInvitable, TooManyAddresses
from momentum.web.invitations.status import UNANSWERED, Status, status_of, with_status
from momentum.web.mail import allowance, outbox, recipients
from momentum.web.mail.models import Category

MOST_AT_ONCE = 5_000
NOT_AGAIN_WITHIN = timedelta(hours=1)
REMINDED_AFTER = timedelta(hours=12)


@transaction.atomic
def invite(
    contest: Contest, entries: Sequence[Entry], *, message: str = "", language: str = "", sender: Sender
) -> list[Invitation]:
    """Invite those of the entries whose verdict is ok, and who have not been invited meanwhile: all, or nobody.

    Raises NotInvitable, TooManyAddresses, MessageTooLong, AllowanceSpent.
    """
    people = [entry for entry in entries if entry.verdict is Verdict.OK]
    message = "\n".join(message.splitlines()).strip()
    _demand_invitable(contest)
    if len(people) > MOST_AT_ONCE:
        raise TooManyAddresses(MOST_AT_ONCE)
    if len(message) > LONGEST_MESSAGE:
        raise MessageTooLong
    _allow(sender, len(people))
    known = set(contest.invitations.values_list("address", flat=True))
    now = timezone.now()
    common = {"contest": contest, "message": message, "language": language, "created_at": now, "mailed_at": now}
    invitations = Invitation.objects.bulk_create(
        Invitation(address=entry.address, name=entry.name, expires_at=facts.expiry(contest, now), **common)
        for entry in people
        if entry.address not in known
    )
    _post_soon(contest, sender)
    return invitations


@transaction.atomic
def send_again(invitation: Invitation, sender: Sender) -> None:
    """Send the invitation once more, also one that was revoked or has expired: it counts again then.

    Raises NotInvitable, NotAgain, AllowanceSpent.
    """
    _demand_invitable(invitation.contest)
    _demand_again(invitation)
    _allow(sender, 1)
    Invitation.objects.filter(pk=invitation.pk).update(to_post=True, revoked_at=None)
    _post_soon(invitation.contest, sender)


@transaction.atomic
def remind(contest: Contest, sender: Sender) -> int:
    """Send the invitation once more to everybody who has not answered it for half a day. Returns to how many.

    Raises NotInvitable, AllowanceSpent.
    """
    _demand_invitable(contest)
    waiting = [invitation.pk for invitation in to_remind(contest)]
    _allow(sender, len(waiting))
    contest.invitations.filter(pk__in=waiting).update(to_post=True)
    _post_soon(contest, sender)
    return len(waiting)


def mails_left(user: User) -> int:
    """How many invitations this account may send now."""
    return max(0, allowance.left(user) - _unwritten(user))


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
    unrevoked = Invitation.objects.filter(pk=invitation.pk, revoked_at=None)
    unrevoked.update(revoked_at=timezone.now(), to_post=False)
    invitation.tokens.all().delete()
    if invitation.mail_id:
        outbox.withdraw(invitation.mail_id)


def forget_old() -> int:
    """Delete invitations, and with them the addresses, when they have been of no use for KEEP_INVITATIONS_DAYS. Returns
    how many."""
    before = timezone.now() - timedelta(days=settings.MOMENTUM.limits.keep_invitations_days)
    old = Invitation.objects.filter(expires_at__lt=before)
    forgotten = old.count()
    old.delete()
    without = {"contest__invitations": None}
    Announcement.objects.filter(Q(posted_at__lt=before) | Q(**without)).delete()
    Announced.objects.filter(**without).delete()
    return forgotten


def forget_organiser(user: User) -> None:
    """Nobody is invited any more to what this account holds, nor told about it."""
    for model in (Invitation, Announcement, Announced):
        model.objects.filter(contest__owner=user).delete()


def forget_guest(user_id: str, addresses: Collection[str]) -> None:
    """Take somebody out of others' invitations: the one who holds their seats, and who has one of these addresses."""
    Invitation.objects.filter(Q(accepted_by=user_id) | Q(address__in=addresses)).delete()
    Announcement.objects.filter(address__in=addresses).delete()


def _demand_invitable(contest: Contest) -> None:
    if not facts.is_invitable(contest, timezone.now()):
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


def _allow(sender: Sender, count: int) -> None:
    """Raises AllowanceSpent. Keeps others who send for the account waiting until the transaction is over."""
    allowance.demand(sender.user, count + _unwritten(sender.user))


def _unwritten(user: User) -> int:
    """Mails that are allowed already and that the worker has not written yet."""
    return Invitation.objects.filter(contest__owner=user, to_post=True).count()


def _post_soon(contest: Contest, sender: Sender) -> None:
    posting.know(contest, sender, timezone.now())
    posting.post_soon.enqueue(str(contest.pk))
