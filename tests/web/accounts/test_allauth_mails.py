from dataclasses import replace

import pytest
from django.test import Client
from pytest_django import Settings

from momentum.web.accounts import allauth_mails
from momentum.web.mail.models import Mail

from ..cast import PASSWORD, written

PLACE: allauth_mails.Place = {"site_url": "https://q.example", "language": "en"}


def test_every_notice_has_its_sentence() -> None:
    for name in allauth_mails.NOTICES:
        allauth_mails.post_notice(f"account/email/{name}", "b@example.org", "Bob", PLACE)
    bodies = {written(mail) for mail in Mail.objects.all()}
    assert len(bodies) == len(allauth_mails.NOTICES)


def test_a_mail_that_nobody_has_written_is_noticed() -> None:
    with pytest.raises(LookupError, match="login_code"):
        allauth_mails.post("account/email/login_code", "b@example.org", {}, PLACE)


def test_links_lead_to_the_public_url_whatever_host_was_asked(anyone: Client, settings: Settings) -> None:
    settings.MOMENTUM = replace(settings.MOMENTUM, public_url="https://quiz.example.org")
    form = {"username": "Dora", "email": "dora@example.org", "password1": PASSWORD}
    anyone.post("/accounts/signup/", form, headers={"host": "127.0.0.1:3000"})
    body = written(Mail.objects.get())
    assert "https://quiz.example.org/accounts/confirm-email/" in body
    assert "127.0.0.1" not in body


def test_the_mail_is_in_the_language_of_the_browser(anyone: Client) -> None:
    form = {"username": "Dora", "email": "dora@example.org", "password1": PASSWORD}
    page = anyone.post("/accounts/signup/", form, headers={"accept-language": "de-AT,de;q=0.9"}, follow=True)
    assert "Hallo Dora," in written(Mail.objects.get())
    assert '<html lang="en">' in page.content.decode()
