"""Mails that wait, as their readers see them."""

import re

from momentum.web.accounts.models import User
from momentum.web.contests.models import Contest
from momentum.web.invitations import actions, addresses, posting, queries
from momentum.web.invitations.models import Invitation
from momentum.web.invitations.posting import Sender
from momentum.web.mail.models import Mail

from ..mail import letterbox

SITE = "https://quiz.example.org"
ADA = "ada@example.org"
GRACE = "grace@example.org"


def sender(user: User) -> Sender:
    return Sender(user, SITE, "Europe/Berlin")


def invite(contest: Contest, *people: str, message: str = "") -> list[Invitation]:
    """Invite these addresses, as the contest's organiser; the worker writes the mails."""
    entries = queries.judged(contest, addresses.read("\n".join(people)))
    invitations = actions.invite(contest, entries, message=message, sender=sender(contest.owner))
    posting.post_all()
    return [Invitation.objects.select_related("contest__owner").get(pk=one.pk) for one in invitations]


def mails_to(address: str) -> list[Mail]:
    """Oldest first."""
    return list(Mail.objects.filter(to=address).order_by("created_at", "pk"))


def kinds(address: str) -> list[str]:
    return [mail.kind for mail in mails_to(address)]


def text_of(mail: Mail) -> str:
    return letterbox.part(mail, "plain")


def link_in(mail: Mail) -> str:
    """The path of the invitation that the mail links to."""
    [path] = set(re.findall(rf"{re.escape(SITE)}(/invitation/[\w-]+)", text_of(mail)))
    return str(path)


def link_to(address: str) -> str:
    """The link in the newest mail to an address."""
    return link_in(mails_to(address)[-1])
