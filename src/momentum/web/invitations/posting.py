"""Writing the mails of invitations, in the worker: each with a token of its own, in the transaction that posts it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django_tasks import task

from momentum.web.accounts.models import User
from momentum.web.contests.isolation import isolated
from momentum.web.contests.models import Contest
from momentum.web.invitations import bulk, facts, tokens
from momentum.web.invitations.models import Announced, Invitation
from momentum.web.mail import contest_mails
from momentum.web.mail.contest_mails import Addressee

EACH_TIME = 10
"""So many in one transaction: others who write wait for it."""
A_TURN = 200
MOST_A_RUN = 1_000


@dataclass(frozen=True)
class Sender:
    """Who invites. `site_url`: the address of this site, as others reach it; `time_zone`: an IANA name."""

    user: User
    site_url: str
    time_zone: str


def know(contest: Contest, sender: Sender, now: datetime) -> None:
    """Keep from where the contest's mails are sent, and what those who are invited first will know of it."""
    first = facts.present(contest)
    announced, made = Announced.objects.get_or_create(
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
    if not made:
        Announced.objects.filter(pk=announced.pk).update(site_url=sender.site_url, time_zone=sender.time_zone)


@task()
def post_soon(contest_id: str) -> None:
    """Write the mails that wait to be written for a contest; after so many, other tasks have their turn first."""
    if post_waiting(UUID(contest_id), A_TURN) == A_TURN:
        post_soon.enqueue(contest_id)


def post_all() -> int:
    """Write what a worker that has ended left unwritten. Returns how many."""
    waiting = Invitation.objects.filter(to_post=True).order_by("contest_id")
    contests = waiting.values_list("contest_id", flat=True).distinct()
    return sum(isolated(post_waiting, contest_id) for contest_id in contests)


def post_waiting(contest_id: UUID, most: int = MOST_A_RUN) -> int:
    """Write mails that wait to be written for a contest. Returns how many. Several workers may do so at once."""
    posted = 0
    while posted < most:
        with bulk.part():
            part = _post_part(contest_id)
        if not part:
            break
        posted += part
    return posted


def _post_part(contest_id: UUID) -> int:
    """A change of the contest that has not been announced yet is from here on: whoever is invited learns of it. To what
    has ended meanwhile nobody is invited."""
    announced = Announced.objects.select_for_update().filter(pk=contest_id).first()
    if announced is None:
        return 0
    contest = announced.contest = Contest.objects.select_related("owner").get(pk=contest_id)
    unwritten = contest.invitations.filter(to_post=True)
    if not facts.is_invitable(contest, timezone.now()):
        unwritten.update(to_post=False, revoked_at=timezone.now())
        return 0
    facts.settle(announced, contest)
    waiting = unwritten.order_by("created_at", "pk")[:EACH_TIME]
    for invitation in waiting:
        _post(invitation, announced)
    return len(waiting)


def _post(invitation: Invitation, announced: Announced) -> None:
    contest, now = announced.contest, timezone.now()
    expires_at = facts.expiry(contest, now)
    invitation.mail = contest_mails.invitation(
        addressee(invitation),
        facts.occasion(announced),
        url=link(invitation, announced.site_url),
        message=invitation.message,
        again=invitation.mail_id is not None,
        asked_by=contest.owner,
        site_url=announced.site_url,
        kept_until=facts.kept_until(expires_at),
    )
    invitation.to_post, invitation.mailed_at, invitation.expires_at = False, now, expires_at
    invitation.save(update_fields=["to_post", "mailed_at", "expires_at", "mail"])


def addressee(invitation: Invitation) -> Addressee:
    return Addressee(address=invitation.address, name=invitation.name, language=invitation.language)


def link(invitation: Invitation, site_url: str) -> str:
    """A new link that leads to the invitation."""
    return site_url + reverse("invitation", args=[tokens.issue(invitation)])
