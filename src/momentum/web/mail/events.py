"""Contests as events of calendars (iCalendar, RFC 5545 and 5546). A contest without a date is none.

The UID is the contest's id, so that whatever comes later with a higher SEQUENCE changes the same event. Nobody is
asked to answer: answers would go to the site's own address, which nobody reads.
"""

from datetime import UTC, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from momentum.web.mail.compose import CalendarPart
from momentum.web.mail.content import one_line
from momentum.web.mail.contest_texts import LIVE, Occasion

LIVE_LASTS = timedelta(hours=1)
"""What a calendar keeps free for a live contest: nobody knows how long it will take."""


def request(about: Occasion, *, address: str, name: str, url: str) -> CalendarPart | None:
    """The event as it is now, the first time and after each change."""
    if (event := _event(about, address, name)) is None:
        return None
    event.add("status", "CONFIRMED")
    event.add("url", url)
    event.add("description", _("%(organiser)s invites you: %(url)s") % {"organiser": about.organiser, "url": url})
    return _calendar("REQUEST", event)


def cancellation(about: Occasion, *, address: str, name: str) -> CalendarPart | None:
    """Takes the event out of the calendar."""
    if (event := _event(about, address, name)) is None:
        return None
    event.add("status", "CANCELLED")
    return _calendar("CANCEL", event)


def _event(about: Occasion, address: str, name: str) -> Event | None:
    if about.opens_at is None:
        return None
    event = Event()
    event.add("uid", str(about.contest_id))
    event.add("sequence", about.sequence)
    event.add("dtstamp", timezone.now())
    event.add("dtstart", about.opens_at.astimezone(UTC))
    event.add("dtend", (about.closes_at or about.opens_at + LIVE_LASTS).astimezone(UTC))
    event.add("summary", about.name)
    # Days in which one may play at any time keep nothing else from happening.
    event.add("transp", "OPAQUE" if about.contest_type == LIVE else "TRANSPARENT")
    sender_name, sender = parseaddr(settings.MOMENTUM.email_from)
    event.add("organizer", _person(sender, sender_name))
    attendee = _person(address, one_line(name))
    attendee.params["RSVP"] = vText("FALSE")
    event.add("attendee", attendee)
    return event


def _person(address: str, name: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{address}")
    if name:
        person.params["CN"] = vText(name)
    return person


def _calendar(method: str, event: Event) -> CalendarPart:
    calendar = Calendar()
    calendar.add("prodid", "-//Momentum//Momentum//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    return CalendarPart(method, calendar.to_ical().decode())
