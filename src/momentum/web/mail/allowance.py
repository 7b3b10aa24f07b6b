"""How many mails to others one account may cause in 24 hours."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from momentum.web.accounts.models import User
from momentum.web.mail.models import Mail, Priority
from momentum.web.refusals import Refusal

DAY = timedelta(hours=24)


class AllowanceSpent(Refusal):
    """`left`: how many may go now. `more_at`: when the next may; None where all of the allowance would not do."""

    error = "too_many_mails"
    status = 429

    def __init__(self, left: int, more_at: datetime | None) -> None:
        super().__init__(left, more_at)
        self.left, self.more_at = left, more_at

    def __str__(self) -> str:
        most = settings.MOMENTUM.limits.mails_per_day
        left = ngettext("You can send %(n)d more mail now.", "You can send %(n)d more mails now.", self.left) % {
            "n": self.left
        }
        if self.more_at is None:
            more = _("An account can send %(most)d in 24 hours: send to fewer people at once.") % {"most": most}
        else:
            when = date_format(self.more_at, "DATETIME_FORMAT")
            more = _("An account can send %(most)d in 24 hours; so many can go from %(when)s UTC on.") % {
                "most": most, "when": when
            }  # fmt: skip
        return f"{left} {more}"


def left(user: User) -> int:
    """How many mails this account may cause now."""
    return max(0, settings.MOMENTUM.limits.mails_per_day - _of_the_last_day(user).count())


def demand(user: User, count: int) -> None:
    """Raises AllowanceSpent unless `count` more may go. Call it in the transaction that posts them: it keeps others
    who post for the same account waiting until that is over."""
    User.objects.select_for_update().get(pk=user.pk)
    if count > (now_left := left(user)):
        raise AllowanceSpent(now_left, _enough_at(user, count))


def _enough_at(user: User, count: int) -> datetime | None:
    """When enough of what was sent is a day old."""
    most = settings.MOMENTUM.limits.mails_per_day
    if count > most:
        return None
    too_many = _of_the_last_day(user).count() + count - most
    times = _of_the_last_day(user).order_by("created_at").values_list("created_at", flat=True)
    return times[too_many - 1] + DAY


def _of_the_last_day(user: User) -> QuerySet[Mail]:
    return Mail.objects.filter(asked_by=user, priority=Priority.ORGANISER, created_at__gt=timezone.now() - DAY)
