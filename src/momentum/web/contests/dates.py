"""Which dates a contest may have: those that every zone, and every sum of minutes, can still write."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

FIRST_YEAR, LAST_YEAR = 2000, 2999
UNUSABLE = _("Choose a date in the years %(first)d to %(last)d.")


def is_usable(instant: datetime) -> bool:
    return FIRST_YEAR <= instant.year <= LAST_YEAR
