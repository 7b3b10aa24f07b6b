from collections.abc import Callable

import pytest

from momentum.web.accounts.models import User
from momentum.web.attempts.refusals import AccountNeeded, Closed, OrganiserMayNotPlay
from momentum.web.contests.models import Contest
from momentum.web.invitations import seats
from momentum.web.invitations.models import Invitation
from momentum.web.invitations.refusals import AlreadyAccepted, SeatTaken
from momentum.web.play.people import Person, new_guest

from ..attempts.cast import person
from .cast import ADA, GRACE, invite
from .conftest import DAY, HOUR, NOON, OPENING, Clock

ADELE = Person("guest_" + "d" * 32, "Ada", is_guest=True)


def test_of_two_who_come_at_once_one_has_the_seat(standard: Contest) -> None:
    """Both have looked before either came."""
    [one] = invite(standard, ADA)
    other = Invitation.objects.get()
    seats.take(one, ADELE)
    with pytest.raises(SeatTaken):
        seats.take(other, new_guest("Eve"))
    assert list(standard.participants.values_list("user_id", flat=True)) == [ADELE.user_id]
    with pytest.raises(AlreadyAccepted):
        seats.decline(other)


def test_one_person_takes_one_seat_whatever_they_open(standard: Contest, bob: User) -> None:
    one, other = invite(standard, ADA, GRACE)
    seats.take(one, person(bob))
    seats.take(other, person(bob))
    other.refresh_from_db()
    assert (other.accepted_by, other.accepted_at) == ("", None)
    assert standard.participants.count() == 1


def test_who_may_not_come_in_takes_no_seat(set_up: Callable[..., Contest], alice: User, clock: Clock) -> None:
    [invitation] = invite(set_up(access="accounts"), ADA)
    with pytest.raises(OrganiserMayNotPlay):
        seats.take(invitation, person(alice))
    with pytest.raises(AccountNeeded):
        seats.take(invitation, ADELE)
    closed = set_up()
    [invitation] = invite(closed, ADA)
    clock.move_to(OPENING + 2 * HOUR)
    with pytest.raises(Closed):
        seats.take(invitation, ADELE)
    assert not Invitation.objects.filter(accepted_at__isnull=False).exists()


def test_one_that_has_expired_seats_nobody(live: Contest, clock: Clock) -> None:
    [invitation] = invite(live, ADA)
    clock.move_to(NOON + 31 * DAY)
    with pytest.raises(SeatTaken):
        seats.take(invitation, ADELE)


def test_an_accounts_name_is_not_kept(live: Contest, bob: User) -> None:
    [invitation] = invite(live, ADA)
    seats.take(invitation, person(bob))
    invitation.refresh_from_db()
    assert (invitation.accepted_by, invitation.accepted_name) == (str(bob.pk), "")
