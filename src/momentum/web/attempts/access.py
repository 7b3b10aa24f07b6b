"""Who may see a contest that is played alone, and who may take part in it. Nobody else learns that it is there."""

from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone

from momentum.game import names
from momentum.web.attempts.models import Participant
from momentum.web.attempts.refusals import AccountNeeded, Closed, NotInvited, NotOnTheList, OrganiserMayNotPlay
from momentum.web.contests.models import Access, Contest, ContestType, Entry
from momentum.web.contests.status import Status, status_at
from momentum.web.play.people import Person

TRIES = 20


def contest_for(contest_id: UUID, who: Person | None) -> Contest | None:
    """The contest, if `who` may see it: its organiser, its participants, and whom its way in leads here."""
    played_alone = Contest.objects.exclude(contest_type=ContestType.QUICK_FIRE)
    contest = played_alone.select_related("owner").filter(pk=contest_id, deleted_at=None).first()
    return contest if contest and may_see(contest, who) else None


def may_see(contest: Contest, who: Person | None) -> bool:
    if who and is_organiser(contest, who):
        return True
    if contest.status == Status.DRAFT:
        return False
    if who and participant_of(contest, who):
        return True
    if contest.status == Status.ARCHIVED or contest.entry in (Entry.PIN, Entry.INVITED):
        return False
    return contest.entry == Entry.LINK or (who is not None and _is_listed(contest, who))


def is_organiser(contest: Contest, who: Person) -> bool:
    return who.user_id == str(contest.owner_id)


def participant_of(contest: Contest, who: Person) -> Participant | None:
    return Participant.objects.filter(contest=contest, user_id=who.user_id).first()


def join(contest: Contest, who: Person, *, by_pin: bool = False, invited: bool = False) -> Participant:
    """The place of `who` in the contest, a new one on the first coming. Where there is one already, its name stays.

    Raises OrganiserMayNotPlay, AccountNeeded, NotOnTheList, NotInvited, Closed. `by_pin`: who knows the PIN needs no
    other way in; `invited`: nor does who was invited, whatever the contest's own.
    """
    if known := participant_of(contest, who):
        return known
    _demand_admission(contest, who, timezone.now())
    if not invited:
        _demand_way_in(contest, who, by_pin=by_pin)
    for _try in range(TRIES):
        taken = set(contest.participants.values_list("name_key", flat=True))
        username = names.distinct(who.username, taken)
        try:
            with transaction.atomic():
                return Participant.objects.create(
                    contest=contest,
                    user_id=who.user_id,
                    username=username,
                    name_key=names.key(username),
                    joined_at=timezone.now(),
                )
        except IntegrityError:
            if known := participant_of(contest, who):
                return known
    raise RuntimeError("no free name was found")


def _demand_admission(contest: Contest, who: Person, now: datetime) -> None:
    if is_organiser(contest, who):
        raise OrganiserMayNotPlay
    if status_at(contest, now) not in (Status.SCHEDULED, Status.OPEN):
        raise Closed
    if who.is_guest and contest.access == Access.ACCOUNTS:
        raise AccountNeeded


def _demand_way_in(contest: Contest, who: Person, *, by_pin: bool) -> None:
    if contest.entry == Entry.INVITED:
        raise NotInvited
    if contest.entry == Entry.LIST and not _is_listed(contest, who):
        raise AccountNeeded if who.is_guest else NotOnTheList
    if contest.entry == Entry.PIN and not by_pin:
        raise NotOnTheList


def _is_listed(contest: Contest, who: Person) -> bool:
    """By the account's name, or by an address of it that was confirmed: an address alone anybody could claim."""
    if who.is_guest:
        return False
    addresses = EmailAddress.objects.filter(user_id=who.user_id, verified=True).values_list("email", flat=True)
    keys = [names.key(who.username), *(address.lower() for address in addresses)]
    return contest.allowed_people.filter(who__in=keys).exists()
