from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from momentum.web.mail.events import LIVE_LASTS

from .letterbox import calendar, event, message, part
from .occasions import ALONE, BOB, LINK, LIVE, OPENS, post


def test_an_invitation_brings_the_event_along() -> None:
    mail = post("invitation")
    read = message(mail)
    assert [each.get_content_type() for each in read.iter_parts()] == ["text/plain", "text/html", "text/calendar"]
    assert list(read.iter_parts())[-1].get_param("method") == "REQUEST"
    assert calendar(mail)["METHOD"] == "REQUEST"
    found = event(mail)
    assert (found["UID"], found["SEQUENCE"], found["SUMMARY"]) == (str(UUID(int=7)), 0, "Friday quiz")
    assert (found["DTSTART"].dt, found["DTEND"].dt) == (OPENS, OPENS + LIVE_LASTS)
    assert found["STATUS"] == "CONFIRMED"
    assert found["URL"] == LINK
    assert found["DTSTAMP"].dt - datetime.now(UTC) < timedelta(minutes=1)
    assert found["TRANSP"] == "OPAQUE"


def test_times_are_written_in_utc_whatever_zone_they_come_in() -> None:
    elsewhere = replace(LIVE, opens_at=OPENS.astimezone(timezone(timedelta(hours=5, minutes=30))))
    text = part(post("invitation", about=elsewhere), "calendar")
    assert "DTSTART:20261127T170000Z" in text
    assert "DTEND:20261127T180000Z" in text
    assert "TZID" not in text


def test_the_event_is_from_the_site_for_this_reader_who_need_not_answer() -> None:
    found = event(post("invitation", replace(BOB, name='Bob "B"; DROP\r\nATTENDEE:mailto:eve@example.org')))
    assert found["ORGANIZER"].startswith("mailto:")
    assert "@example.org" not in found["ORGANIZER"]
    attendee = found["ATTENDEE"]
    assert (attendee, attendee.params["RSVP"]) == ("mailto:bob@example.org", "FALSE")
    assert "Bob" in attendee.params["CN"]


def test_a_change_updates_the_same_event() -> None:
    first = event(post("invitation"))
    later = replace(LIVE, name="Saturday quiz", opens_at=OPENS + timedelta(days=1), sequence=1)
    mail = post("changed", about=later)
    second = event(mail)
    assert calendar(mail)["METHOD"] == "REQUEST"
    assert second["UID"] == first["UID"]
    assert second["SEQUENCE"] > first["SEQUENCE"]
    assert (second["SUMMARY"], second["DTSTART"].dt) == ("Saturday quiz", OPENS + timedelta(days=1))
    assert second["ORGANIZER"] == first["ORGANIZER"]


def test_a_cancellation_takes_the_same_event_away() -> None:
    first, mail = event(post("invitation")), post("cancelled", about=replace(LIVE, sequence=2))
    found = event(mail)
    assert calendar(mail)["METHOD"] == "CANCEL"
    assert (found["UID"], found["SEQUENCE"], found["STATUS"]) == (first["UID"], 2, "CANCELLED")
    assert "URL" not in found


def test_days_in_which_one_may_play_block_nothing() -> None:
    found = event(post("invitation", about=ALONE))
    assert (found["DTEND"].dt, found["TRANSP"]) == (ALONE.closes_at, "TRANSPARENT")


@pytest.mark.parametrize("kind", ["invitation", "changed", "cancelled"])
def test_without_a_date_there_is_no_event(kind: str) -> None:
    mail = post(kind, about=replace(LIVE, opens_at=None))
    assert part(mail, "calendar") == ""


@pytest.mark.parametrize("kind", ["reminder", "results"])
def test_what_changes_nothing_brings_no_event(kind: str) -> None:
    assert part(post(kind), "calendar") == ""


def test_words_of_people_stay_values() -> None:
    found = event(post("invitation", about=replace(LIVE, name="A, b; c\\n \n END:VEVENT", organiser="Ä\n;X")))
    assert found["SUMMARY"] == "A, b; c\\n END:VEVENT"
    assert found["DESCRIPTION"].startswith("Ä ;X ")
