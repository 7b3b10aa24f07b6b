import re

import pytest
from django.test import Client

from momentum.web.mail import recipients
from momentum.web.mail.models import Category, Recipient

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def reader() -> Recipient:
    return recipients.recipient("bob.miller@example.org")


@pytest.fixture
def mail_program() -> Client:
    """No cookie, no CSRF token."""
    return Client(enforce_csrf_checks=True)


def test_the_page_shows_what_is_wanted_and_keeps_what_is_chosen(anyone: Client, reader: Recipient) -> None:
    page = f"/mail/preferences/{reader.token}"
    shown = anyone.get(page).content.decode()
    assert shown.count("checked") == 3
    assert "b…@example.org" in shown
    answer = anyone.post(page, {"results": "on", "language": "de"}, follow=True)
    assert "Gespeichert." in answer.content.decode()
    reader.refresh_from_db()
    assert (reader.invitations, reader.reminders, reader.results, reader.language) == (False, False, True, "de")


def test_it_is_in_the_readers_language_and_the_site_stays_english(anyone: Client, reader: Recipient) -> None:
    page, german = f"/mail/preferences/{reader.token}", {"accept-language": "de-CH, en;q=0.5"}
    assert '<html lang="de">' in anyone.get(page, headers=german).content.decode()
    assert '<html lang="en">' in anyone.get("/", headers=german).content.decode()
    Recipient.objects.update(language="en")
    assert '<html lang="en">' in anyone.get(page, headers=german).content.decode()


def test_an_unknown_language_is_refused(anyone: Client, reader: Recipient) -> None:
    answer = anyone.post(f"/mail/preferences/{reader.token}", {"language": "tlh", "results": "on"})
    assert answer.status_code == 200
    reader.refresh_from_db()
    assert (reader.language, reader.invitations) == ("", True)


@pytest.mark.parametrize("category", Category)
def test_one_click_of_a_mail_program_is_enough(mail_program: Client, reader: Recipient, category: Category) -> None:
    path = f"/mail/unsubscribe/{reader.token}/{category.value}"
    answer = mail_program.post(path, ONE_CLICK)
    assert answer.status_code == 200
    assert not recipients.wants(reader.address, category)
    assert mail_program.post(path, ONE_CLICK).status_code == 200


def test_looking_changes_nothing(mail_program: Client, reader: Recipient) -> None:
    path = f"/mail/unsubscribe/{reader.token}/results"
    page = mail_program.get(path).content.decode()
    assert re.search(r'<form method="post">\s*<input type="hidden" name="List-Unsubscribe" value="One-Click">', page)
    assert mail_program.head(path).status_code == 200
    assert recipients.wants(reader.address, Category.RESULTS)


def test_a_post_that_does_not_ask_for_it_changes_nothing(mail_program: Client, reader: Recipient) -> None:
    assert mail_program.post(f"/mail/unsubscribe/{reader.token}/results").status_code == 400
    assert recipients.wants(reader.address, Category.RESULTS)


def test_preferences_need_the_token_of_a_form(mail_program: Client, reader: Recipient) -> None:
    assert mail_program.post(f"/mail/preferences/{reader.token}", {"language": "de"}).status_code == 403


def test_no_page_shows_the_address_and_no_cache_keeps_one(anyone: Client, reader: Recipient) -> None:
    pages = [
        anyone.get(f"/mail/preferences/{reader.token}"),
        anyone.get(f"/mail/unsubscribe/{reader.token}/results"),
        anyone.post(f"/mail/unsubscribe/{reader.token}/results", ONE_CLICK),
    ]
    for page in pages:
        assert "miller" not in page.content.decode()
        assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("path", ["preferences/nobody", "unsubscribe/nobody/results", "unsubscribe/{token}/everything"])
def test_what_nobody_was_sent_is_not_there(anyone: Client, reader: Recipient, path: str) -> None:
    path = "/mail/" + path.format(token=reader.token)
    assert anyone.get(path).status_code == 404
    assert anyone.post(path, ONE_CLICK).status_code == 404
