import stat
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from pytest_django import Settings

from momentum.web.mail import transport
from momentum.web.mail.queries import kept_mail, kept_mails


@pytest.fixture(autouse=True)
def mails_kept(settings: Settings, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "momentum.web.mail.transport.MailTransport"
    settings.MOMENTUM = replace(settings.MOMENTUM, data_dir=tmp_path, email_url=None)


def test_without_a_server_mails_are_kept_for_their_owner_only(tmp_path: Path) -> None:
    EmailMessage("Grüße", "See https://quiz.example.org/a", to=["bob@example.org"]).send()
    [file] = (tmp_path / "mails").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    [mail] = kept_mails()
    assert (mail.subject, mail.to, mail.links) == ("Grüße", "bob@example.org", ("https://quiz.example.org/a",))
    assert kept_mail(mail.name) == mail


@pytest.mark.parametrize("name", ["../secrets/jwt_secret", "x.eml", "", "20300101T000000000000-00000000.eml", "a/b"])
def test_nothing_else_of_the_data_directory_is_shown(name: str) -> None:
    assert kept_mail(name) is None


@pytest.mark.parametrize(
    ("url", "host", "port", "tls", "ssl"),
    [
        ("smtp://mail.example.org", "mail.example.org", 25, False, False),
        ("smtp+tls://me%40gmail.com:app%20word@smtp.gmail.com:587", "smtp.gmail.com", 587, True, False),
        ("smtps://me%40gmail.com:app%20word@mail.example.org", "mail.example.org", 465, False, True),
    ],
)
def test_a_mail_url_says_how_to_reach_the_server(url: str, host: str, port: int, tls: bool, ssl: bool) -> None:
    backend = transport.smtp(url)
    assert (backend.host, backend.port, backend.use_tls, backend.use_ssl) == (host, port, tls, ssl)
    assert (backend.username, backend.password) == (("me@gmail.com", "app word") if "@" in url else ("", ""))
    assert backend.timeout


def test_with_a_server_mails_are_sent(settings: Settings, tmp_path: Path) -> None:
    settings.MOMENTUM = replace(settings.MOMENTUM, email_url="smtp://127.0.0.1:1")
    with pytest.raises(ConnectionRefusedError):
        EmailMessage("Hello", "There", to=["bob@example.org"]).send()
    assert not (tmp_path / "mails").exists()
