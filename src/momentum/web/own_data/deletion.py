"""Deleting an account: what only the person needs goes; of what others need too, the name goes.

Players keep the results of contests they played in, so the contest's name, its questions and everybody's points stay.
"""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from momentum.game import names
from momentum.web import realtime_tasks
from momentum.web.accounts import actions as accounts
from momentum.web.accounts.models import User
from momentum.web.accounts.queries import addresses_of
from momentum.web.api_keys.models import ApiKey
from momentum.web.attempts import organising
from momentum.web.attempts.models import AllowedPerson, Attempt, Participant
from momentum.web.contests import actions as contests
from momentum.web.contests.models import Contest
from momentum.web.contests.scheduling import allowed_key
from momentum.web.contests.status import Status, status_at
from momentum.web.games.models import PlayerResult
from momentum.web.invitations import actions as invitations
from momentum.web.leaderboards.actions import forget_profile
from momentum.web.mail.compose import envelope_address
from momentum.web.mail.models import Mail
from momentum.web.mail.recipients import forget_undecided
from momentum.web.questions.models import Question
from momentum.web.results.models import ShareLink
from momentum.web.webhooks.models import Endpoint


def delete_account(user: User) -> None:
    """Take the person out of every table of the site, at once or not at all; the id stays, and with it the points.

    The names in results of live games are realtime's to write: the worker takes them out, see `rename_in_results`.
    """
    with transaction.atomic():
        _forget_invitations(user)
        _forget_contests(user)
        _forget_belongings(user)
        _forget_mails(user)
        forget_profile(user)
        AllowedPerson.objects.filter(
            who__in=[allowed_key(one) for one in (user.username, *addresses_of(user))]
        ).delete()
        accounts.take_person_out(user)
        _rename_in_attempts(user)
    realtime_tasks.revoke.call(str(user.pk))


def rename_in_results() -> int:
    """Take the names of the deleted out of the results of live games. Returns how many there were."""
    renamed = 0
    for pk, username in User.objects.filter(deleted_at__isnull=False).values_list("pk", "username"):
        named = PlayerResult.objects.filter(user_id=str(pk)).exclude(username=username)
        if named.exists():  # an update of nothing would take the lock too that games are written under
            renamed += named.update(username=username)
    return renamed


def _forget_invitations(user: User) -> None:
    """First of all: a contest that nobody was invited to, nor played, can be deleted whole."""
    invitations.forget_organiser(user)
    invitations.forget_guest(str(user.pk), [envelope_address(one).lower() for one in addresses_of(user)])


def _forget_contests(user: User) -> None:
    """End what is open and delete what nobody played. The worker ends live games."""
    for contest in Contest.objects.filter(owner=user):
        if status_at(contest, timezone.now()) is Status.OPEN:
            organising.end(contest)
            contest.refresh_from_db()
        AllowedPerson.objects.filter(contest=contest).delete()
        try:
            contests.delete_contest(contest)
        except (contests.GameIsOpen, contests.ContestIsOpen):  # an open contest of which not a moment has passed
            Contest.objects.filter(pk=contest.pk).update(deleted_at=timezone.now())


def _forget_belongings(user: User) -> None:
    ShareLink.objects.filter(contest__owner=user).delete()
    Question.objects.filter(owner=user).delete()
    ApiKey.objects.filter(owner=user).delete()
    Endpoint.objects.filter(owner=user).delete()


def _forget_mails(user: User) -> None:
    """Send none of those that wait. One that was sent counts for the provider's limit, without saying whose it was."""
    mails = Mail.objects.filter(Q(asked_by=user) | Q(to__in=addresses_of(user)))
    mails.exclude(status=Mail.Status.SENT).delete()
    mails.update(asked_by=None, to="", message="", answer="")
    forget_undecided(addresses_of(user))


def _rename_in_attempts(user: User) -> None:
    fields = {"username": user.username, "name_key": names.key(user.username)}
    Participant.objects.filter(user_id=str(user.pk)).update(**fields)
    Attempt.objects.filter(user_id=str(user.pk)).update(username=user.username)
