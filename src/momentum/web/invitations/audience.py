"""Who is told what happens to a contest: the people who were invited to it, and accounts that take part in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress

from momentum.web.contests.models import Contest
from momentum.web.invitations import posting
from momentum.web.invitations.models import Invitation
from momentum.web.invitations.status import Status, with_status
from momentum.web.mail.compose import BadAddress, envelope_address
from momentum.web.mail.contest_mails import Addressee
from momentum.web.play import people

REACHABLE = frozenset({Status.QUEUED, Status.SENT, Status.OPENED, Status.ACCEPTED})


@dataclass(frozen=True)
class Reader:
    """`invitation` None: somebody with an account who came in otherwise."""

    to: Addressee
    invitation: Invitation | None = None


def everybody(contest: Contest, *, before: datetime, now: datetime) -> list[Reader]:
    """Who was invited or came in before a moment: they cannot have learnt since then what is to be told."""
    invited = with_status(contest.invitations.filter(to_post=False, mailed_at__lt=before), now)
    reachable = invited.filter(status__in=REACHABLE).select_related("contest").order_by("mailed_at", "pk")
    participants = contest.participants.filter(joined_at__lt=before).values_list("user_id", flat=True)
    return _distinct([*map(_invited, reachable), *_accounts(contest, participants)])


def players(contest: Contest, user_ids: Iterable[str]) -> list[Reader]:
    """These people, who took part, where an address of theirs is known."""
    took_part = set(user_ids)
    invited = contest.invitations.filter(accepted_at__isnull=False, revoked_at=None).select_related("contest")
    seated = [_invited(one) for one in invited.order_by("mailed_at", "pk") if one.accepted_by in took_part]
    return _distinct([*seated, *_accounts(contest, took_part)])


def _invited(invitation: Invitation) -> Reader:
    return Reader(posting.addressee(invitation), invitation)


def _accounts(contest: Contest, user_ids: Iterable[str]) -> list[Reader]:
    """Those with an address that was confirmed, who have no invitation: that has its own address."""
    seated = set(contest.invitations.exclude(accepted_by="").values_list("accepted_by", flat=True))
    others = {UUID(one) for one in user_ids if not people.is_guest_id(one) and one not in seated}
    confirmed = EmailAddress.objects.filter(user_id__in=others - {contest.owner_id}, verified=True, primary=True)
    return [
        Reader(Addressee(address=address, name=one.user.username))
        for one in confirmed.select_related("user").order_by("pk")
        if (address := _postable(one.email))
    ]


def _postable(address: str) -> str:
    """In lower case, its host in ASCII; "" where no mail can go to it."""
    try:
        return envelope_address(address).lower()
    except BadAddress:
        return ""


def _distinct(readers: Iterable[Reader]) -> list[Reader]:
    """One for each address."""
    found: dict[str, Reader] = {}
    for reader in readers:
        found.setdefault(reader.to.address, reader)
    return list(found.values())
