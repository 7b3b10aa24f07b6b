"""Who may look at which board. To everybody else it is not there."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from momentum.web.attempts.models import Attempt
from momentum.web.contests.models import Contest
from momentum.web.games.models import PlayerResult
from momentum.web.leaderboards import boards
from momentum.web.leaderboards.models import Result
from momentum.web.play.people import Person


def may_see_contest(who: Person, contest_id: UUID) -> bool:
    """Its organiser, and who has a result in it, counted already or not yet."""
    owns = not who.is_guest and Contest.objects.filter(pk=contest_id, owner=UUID(who.user_id)).exists()
    return (
        owns
        or Result.objects.filter(contest=contest_id, player=who.user_id).exists()
        or PlayerResult.objects.filter(source_contest_id=str(contest_id), user_id=who.user_id).exists()
        or Attempt.objects.filter(
            contest=contest_id, user_id=who.user_id, contest__closes_at__lt=timezone.now()
        ).exists()
    )


def may_see_organiser(who: Person, organiser_id: UUID) -> bool:
    """The organiser, and the accounts that stand on the board."""
    if who.is_guest:
        return False
    return who.user_id == str(organiser_id) or _played_for(who).filter(contest__owner=organiser_id).exists()


def may_see_site(who: Person) -> bool:
    """Everybody with an account."""
    return not who.is_guest


def organisers_of(who: Person) -> set[UUID]:
    """Whose boards an account may see, beside its own."""
    return set(_played_for(who).values_list("contest__owner", flat=True).distinct())


def scope(who: Person, kind: str, of: UUID | None) -> str | None:
    """The board's scope, None where `who` may not look. `kind`: site, organiser or contest."""
    if kind == "site":
        return boards.SITE if may_see_site(who) else None
    if of is None:
        return None
    if kind == "organiser":
        return boards.of_organiser(of) if may_see_organiser(who, of) else None
    return boards.of_contest(of) if may_see_contest(who, of) else None


def _played_for(who: Person) -> QuerySet[Result]:
    return Result.objects.filter(player=who.user_id, counts=True)
