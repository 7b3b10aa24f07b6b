from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from momentum.web.accounts.models import User
from momentum.web.mail import contest_mails
from momentum.web.mail.compose import BadAddress
from momentum.web.mail.contest_mails import Addressee
from momentum.web.mail.models import Mail, Priority, Recipient

from .letterbox import Shown, message, part, urls
from .occasions import ALONE, BOB, CATEGORIES, KINDS, LINK, LIVE, SENDING, SITE, post

ANY_WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@pytest.mark.parametrize("kind", KINDS)
def test_each_mail_says_which_contest_and_leads_there(kind: str, alice: User) -> None:
    until = timezone.now() + timedelta(days=90)
    mail = post(kind, asked_by=alice, kept_until=until)
    assert (mail.kind, mail.priority, mail.asked_by, mail.kept_until) == (kind, Priority.ORGANISER, alice, until)
    assert "Friday quiz" in message(mail)["Subject"]
    for body in (part(mail, "plain"), Shown(part(mail, "html")).text):
        assert "Friday quiz" in body
        assert "Ada" in body
        assert (LINK in body) == (kind != "cancelled")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_text_has_every_word_that_the_html_has(kind: str, language: str) -> None:
    mail = post(kind, Addressee(address="bob@example.org", name="Bob", language=language), ALONE)
    shown = Shown(part(mail, "html"))
    assert len(shown.words) > 10
    assert shown.lacking_in(part(mail, "plain")) == []
    assert set(shown.links) <= urls(mail)
    assert all(link in part(mail, "plain") for link in shown.links)


@pytest.mark.parametrize("kind", KINDS)
def test_one_click_unsubscribes_and_a_link_leads_to_the_preferences(kind: str) -> None:
    mail = post(kind)
    token = Recipient.objects.get().token
    headers = message(mail)
    assert headers["List-Unsubscribe"] == f"<{SITE}/mail/unsubscribe/{token}/{CATEGORIES[kind]}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"{SITE}/mail/preferences/{token}" in part(mail, "plain")


@pytest.mark.parametrize("kind", KINDS)
def test_no_address_stands_in_an_address_of_a_page_and_nothing_is_loaded(kind: str) -> None:
    mail = post(kind)
    assert urls(mail)
    for url in urls(mail):
        assert url.startswith(SITE)
        assert "@" not in url
        assert "bob" not in url.lower()
    html = part(mail, "html")
    assert not {"img", "script", "link", "iframe"} & set(Shown(html).elements)
    assert "url(" not in html


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(name=ANY_WORDS, organiser=ANY_WORDS, reader=ANY_WORDS, words=ANY_WORDS)
def test_nothing_that_people_write_becomes_a_header_an_element_or_a_line(
    db: None, name: str, organiser: str, reader: str, words: str
) -> None:
    about = replace(LIVE, name=f"<b>{name}</b>\r\nBcc: eve@example.org", organiser=f"{organiser}\n-- \n")
    to = Addressee(address="bob@example.org", name=f"{reader}\nX-Evil: 1")
    mail = contest_mails.invitation(to, about, url=LINK, message=f"<script>{words}", **SENDING)
    read = message(mail)
    assert (read["Bcc"], read["X-Evil"], read["To"]) == (None, None, "bob@example.org")
    assert len(read["Subject"].splitlines()) == 1
    shown = Shown(part(mail, "html"))
    assert not {"b", "script"} & set(shown.elements)
    assert "Bcc: eve@example.org" in " ".join(shown.text.split())
    text = part(mail, "plain").splitlines()
    assert text.count("-- ") == 1
    assert not [line for line in text if line.startswith(("Bcc:", "X-Evil:"))]


def test_the_organisers_words_are_quoted_in_their_lines() -> None:
    mail = contest_mails.invitation(BOB, LIVE, url=LINK, message="Bring snacks.\n\nAda & co", **SENDING)
    assert "Ada:\n> Bring snacks.\n>\n> Ada & co\n" in part(mail, "plain")
    assert "Bring snacks.<br><br>Ada &amp; co" in part(mail, "html")


def test_the_same_invitation_again_says_so() -> None:
    first, again = post("invitation"), post("invitation", again=True)
    assert message(first)["Subject"] != message(again)["Subject"]


@pytest.mark.parametrize(("hours", "said"), [(24, "in a day"), (1, "in an hour"), (3, "in 3 hours")])
def test_a_reminder_says_how_long_it_still_is(hours: int, said: str) -> None:
    assert f"begins {said}." in part(contest_mails.reminder(BOB, LIVE, url=LINK, hours=hours, **SENDING), "plain")


def test_times_are_those_of_the_organiser_and_of_everybody() -> None:
    text = part(post("invitation", about=ALONE), "plain")
    assert "Opens: Friday, 27 November 2026, 18:00 (Europe/Berlin), 17:00 UTC" in text
    assert "Closes: Friday, 4 December 2026, 18:00 (Europe/Berlin), 17:00 UTC" in text
    assert "Begins: " in part(post("invitation"), "plain")


def test_the_readers_own_language_comes_before_the_senders() -> None:
    german = replace(BOB, language="de-AT")
    assert "Hallo Bob," in part(post("invitation", german), "plain")
    assert "Freitag, 27. November 2026" in part(post("invitation", german), "plain")
    Recipient.objects.update(language="en")
    assert "Hello Bob," in part(post("invitation", german), "plain")
    assert "Hello Bob," in part(post("invitation", replace(BOB, address="c@example.org", language="tlh")), "plain")


def test_a_contest_without_dates_says_none() -> None:
    mail = post("invitation", about=replace(LIVE, opens_at=None))
    assert "UTC" not in part(mail, "plain")


def test_a_mail_to_no_address_is_refused_and_leaves_nothing() -> None:
    with pytest.raises(BadAddress):
        post("invitation", Addressee(address="bob@example.org, eve@example.org"))
    assert not Mail.objects.exists()
    assert not Recipient.objects.exists()


def test_a_day_further_is_said_where_utc_has_another_date() -> None:
    late = replace(LIVE, opens_at=datetime(2026, 11, 27, 23, 30, tzinfo=UTC))
    said = "Saturday, 28 November 2026, 00:30 (Europe/Berlin), Friday, 27 November 2026, 23:30 UTC"
    assert said in part(post("invitation", about=late), "plain")
