"""Who may take the seat of an invitation, and taking it. One invitation is one seat, however often it is opened.

A guest's seat goes on at any device that has the link. An account's asks for that account.
"""

from enum import StrEnum
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from momentum.web.attempts import access
from momentum.web.attempts.refusals import AccountNeeded, OrganiserMayNotPlay
from momentum.web.contests.models import Access, Contest
from momentum.web.games.models import PlayerResult
from momentum.web.invitations import facts
from momentum.web.invitations.models import Invitation
from momentum.web.invitations.refusals import AlreadyAccepted, SeatTaken
from momentum.web.play import people, pins
from momentum.web.play.people import Person


class Door(StrEnum):
    """What the link's page is to its reader."""

    ORGANISER = "organiser"
    YOURS = "yours"  # the reader has a seat, by this invitation or another
    GUEST_SEAT = "guest_seat"  # whoever has the link goes on as that guest
    FREE = "free"
    ACCOUNT_SEAT = "account_seat"  # the account that has it may log in
    OTHER_SEAT = "other_seat"  # the reader is logged in, and the seat is somebody else's
    GONE = "gone"  # cancelled, or over for who is not in


def door(invitation: Invitation, who: Person | None) -> Door:
    contest = invitation.contest
    if contest.deleted_at:
        return Door.GONE
    if who and who.user_id == str(contest.owner_id):
        return Door.ORGANISER
    if who and _has_seat(invitation, who):
        return Door.YOURS
    if not invitation.accepted_by:
        return Door.FREE if facts.is_invitable(contest, timezone.now()) else Door.GONE
    if who and not who.is_guest:
        return Door.OTHER_SEAT
    return Door.GUEST_SEAT if people.is_guest_id(invitation.accepted_by) else Door.ACCOUNT_SEAT


def needs_account(contest: Contest, who: Person | None) -> bool:
    return contest.access == Access.ACCOUNTS and (who is None or who.is_guest)


def guest_of(invitation: Invitation) -> Person:
    """The guest who has its seat."""
    return Person(invitation.accepted_by, invitation.accepted_name, is_guest=True)


def is_seated(contest: Contest, user_id: str) -> bool:
    """Whether one of the contest's invitations is theirs."""
    return contest.invitations.filter(accepted_by=user_id).exists()


def take(invitation: Invitation, who: Person) -> None:
    """Give the seat to `who`, and let them into the contest.

    Raises SeatTaken, OrganiserMayNotPlay, AccountNeeded, and Closed where nobody is let in any more.
    """
    contest = invitation.contest
    if who.user_id == str(contest.owner_id):
        raise OrganiserMayNotPlay
    if needs_account(contest, who):
        raise AccountNeeded
    try:
        with transaction.atomic():
            _claim(invitation, who)
            if not contest.is_live:
                access.join(contest, who, invited=True)
    except IntegrityError:  # the same person, at another invitation of theirs at the same moment
        return


def decline(invitation: Invitation) -> None:
    """Say no; it can be accepted later all the same. Raises AlreadyAccepted."""
    free = Invitation.objects.filter(pk=invitation.pk, accepted_at=None)
    if not free.update(declined_at=timezone.now()):
        raise AlreadyAccepted


def note_opened(invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk, opened_at=None).update(opened_at=timezone.now())


def open_game(contest: Contest) -> UUID | None:
    """The game of a live contest that can be entered now."""
    pin = pins.open_game(contest)
    return pin.game_id if pin else None


def played_game(contest: Contest, user_id: str) -> UUID | None:
    """The newest game of a live contest, if they played it."""
    newest = contest.pins.filter(played=True).order_by("-issued_at").first()
    if newest is None or newest.game_id is None:
        return None
    took_part = PlayerResult.objects.filter(game_id=str(newest.game_id), user_id=user_id).exists()
    return newest.game_id if took_part else None


def _claim(invitation: Invitation, who: Person) -> None:
    now = timezone.now()
    free = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None, expires_at__gt=now)
    name = who.username if who.is_guest else ""
    if not free.update(accepted_at=now, accepted_by=who.user_id, accepted_name=name, declined_at=None):
        raise SeatTaken


def _has_seat(invitation: Invitation, who: Person) -> bool:
    """A guest's browser may hold several seats: that of another invitation is not this one's."""
    if who.is_guest:
        return invitation.accepted_by == who.user_id
    return is_seated(invitation.contest, who.user_id)
