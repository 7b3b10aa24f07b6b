from dataclasses import replace
from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import Settings

from momentum.web.mail.queries import kept_mails

from ..cast import post_mails


@pytest.fixture(autouse=True)
def mails_kept(settings: Settings, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "momentum.web.mail.backend.OutboxBackend"
    settings.MOMENTUM = replace(settings.MOMENTUM, data_dir=tmp_path, email_url=None)


def test_kept_mails_are_listed_and_shown(anyone: Client) -> None:
    assert anyone.get("/dev/mail/").status_code == 200
    EmailMessage("Reset <it>", "See https://quiz.example.org/reset", to=["bob@example.org"]).send()
    post_mails()
    assert "Reset &lt;it&gt;" in anyone.get("/dev/mail/").content.decode()
    shown = anyone.get(f"/dev/mail/{kept_mails()[0].name}")
    assert 'href="https://quiz.example.org/reset"' in shown.content.decode()


def test_what_is_no_mail_is_not_there(anyone: Client) -> None:
    for name in ("x.eml", "..%2Fsecrets%2Fjwt_secret", "20300101T000000000000-00000000.eml"):
        assert anyone.get(f"/dev/mail/{name}").status_code == 404


@pytest.mark.parametrize("address", ["192.168.1.30", "10.0.0.1", "2001:db8::1", "::ffff:192.168.1.30", "unix:", ""])
def test_who_is_at_another_machine_sees_no_mail(anyone: Client, address: str) -> None:
    EmailMessage("Reset", "See https://quiz.example.org/reset", to=["bob@example.org"]).send()
    post_mails()
    name = kept_mails()[0].name
    for path in ("/dev/mail/", f"/dev/mail/{name}"):
        assert anyone.get(path, REMOTE_ADDR=address).status_code == 404
        assert anyone.get(path, REMOTE_ADDR="::ffff:127.0.0.1").status_code == 200


def test_who_comes_through_a_trusted_proxy_of_this_machine_sees_no_mail(anyone: Client, settings: Settings) -> None:
    settings.MOMENTUM = replace(settings.MOMENTUM, trusted_proxies=("127.0.0.1/32",))
    assert anyone.get("/dev/mail/", headers={"X-Forwarded-For": "192.168.1.30"}).status_code == 404


def test_it_refuses_posts(anyone: Client) -> None:
    assert anyone.post("/dev/mail/").status_code == 405
