"""What players and operators change."""

from django.db import transaction

from momentum.web.accounts.models import User
from momentum.web.leaderboards import boards
from momentum.web.leaderboards.models import Profile, Result, Total
from momentum.web.leaderboards.projection import lock, stored
from momentum.web.leaderboards.totals import Change, tallies_of


@transaction.atomic
def share_profile(user: User, shared: bool) -> None:
    """Put a player on the site's boards and show the profile to everybody here, or take both back."""
    lock()
    Profile.objects.update_or_create(pk=user.pk, defaults={"shared": shared})
    player = str(user.pk)
    Total.objects.filter(board__scope=boards.SITE, player=player).delete()
    if not shared:
        return
    change = Change({player})
    for result in stored(Result.objects.filter(player=player)):
        change.add(result, tallies_of(result), result.source.contest_type, result.contest.owner_id, 1)
    change.apply(only_scope=boards.SITE)


@transaction.atomic
def forget_profile(user: User) -> None:
    """Of who deletes the account: off the site's boards, and no switch is left to say otherwise."""
    share_profile(user, False)
    Profile.objects.filter(pk=user.pk).delete()
