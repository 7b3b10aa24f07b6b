"""Putting an invitation's mail into the outbox, with a token of its own."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from momentum.web.accounts.models import User
from momentum.web.contests.models import Contest
from momentum.web.invitations import facts, tokens
from momentum.web.invitations.models import Announced, Invitation
from momentum.web.mail import contest_mails
from momentum.web.mail.contest_mails import Addressee


@dataclass(frozen=True)
class Sender:
    """Who invites. `site_url`: the address of this site, as others reach it; `time_zone`: an IANA name."""

    user: User
    site_url: str
    time_zone: str


def know(contest: Contest, sender: Sender, now: datetime) -> Announced:
    """What those who are invited will know of the contest; locked, so call it in a transaction.

    A change that has not been announced yet is from here on: whoever is invited learns of it.
    """
    first = facts.present(contest)
    announced, _made = Announced.objects.select_for_update().get_or_create(
        contest=contest,
        defaults={
            "name": first.name,
            "opens_at": first.opens_at,
            "closes_at": first.closes_at,
            "changed_at": now,
            "created_at": now,
            "site_url": sender.site_url,
            "time_zone": sender.time_zone,
        },
    )
    if (announced.site_url, announced.time_zone) != (sender.site_url, sender.time_zone):
        announced.site_url, announced.time_zone = sender.site_url, sender.time_zone
        announced.save(update_fields=["site_url", "time_zone"])
    announced.contest = contest
    facts.settle(announced, contest)
    return announced


def post(invitation: Invitation, announced: Announced, *, by: User, now: datetime, again: bool) -> None:
    """Mail the invitation, and save it with its mail. Raises BadAddress."""
    contest = invitation.contest
    invitation.mailed_at, invitation.expires_at = now, facts.expiry(contest, now)
    invitation.save(update_fields=["mailed_at", "expires_at", "revoked_at"] if again else None)
    invitation.mail = contest_mails.invitation(
        addressee(invitation),
        facts.occasion(announced),
        url=link(invitation, announced.site_url),
        message=invitation.message,
        again=again,
        asked_by=by,
        site_url=announced.site_url,
        kept_until=facts.kept_until(invitation.expires_at),
    )
    invitation.save(update_fields=["mail"])


def addressee(invitation: Invitation) -> Addressee:
    return Addressee(address=invitation.address, name=invitation.name, language=invitation.language)


def link(invitation: Invitation, site_url: str) -> str:
    """A new link that leads to the invitation."""
    return site_url + reverse("invitation", args=[tokens.issue(invitation)])
