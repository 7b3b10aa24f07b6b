"""Moments as mails write them: in the organiser's zone, with its name, and in UTC."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import pgettext


def written_out(moment: datetime, zone: str) -> str:
    """ "Friday, 27 November 2026, 18:00 (Europe/Berlin), 17:00 UTC"; the day of UTC too, where it is another one."""
    here, utc = moment.astimezone(ZoneInfo(zone)), moment.astimezone(UTC)
    if here.utcoffset() == utc.utcoffset():
        return f"{_day(utc)}, {_time(utc)} UTC"
    same_day = here.date() == utc.date()
    return f"{_day(here)}, {_time(here)} ({zone}), {'' if same_day else _day(utc) + ', '}{_time(utc)} UTC"


def _day(moment: datetime) -> str:
    return date_format(moment, pgettext("format of a date, as Django writes them", "l, j F Y"), use_l10n=False)


def _time(moment: datetime) -> str:
    return f"{moment:%H:%M}"
