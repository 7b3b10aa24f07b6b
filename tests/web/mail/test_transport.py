import stat
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from pytest_django import Settings

from momentum.web.mail import outbox
from momentum.web.mail.queries import kept_mail, kept_mails
from momentum.web.mail.transport import FolderTransport

from ..cast import post_mails


@pytest.fixture(autouse=True)
def mails_kept(settings: Settings, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "momentum.web.mail.backend.OutboxBackend"
    settings.MOMENTUM = replace(settings.MOMENTUM, data_dir=tmp_path, email_url=None)


def test_without_a_server_mails_are_kept_for_their_owner_only(tmp_path: Path) -> None:
    EmailMessage("Grüße", "See https://quiz.example.org/a", to=["bob@example.org"]).send()
    post_mails()
    [file] = (tmp_path / "mails").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    [mail] = kept_mails()
    assert (mail.subject, mail.to, mail.links) == ("Grüße", "bob@example.org", ("https://quiz.example.org/a",))
    assert kept_mail(mail.name) == mail


@pytest.mark.parametrize("name", ["../secrets/jwt_secret", "x.eml", "", "20300101T000000000000-00000000.eml", "a/b"])
def test_nothing_else_of_the_data_directory_is_shown(name: str) -> None:
    assert kept_mail(name) is None


def test_the_same_mail_has_one_file_however_often_it_is_sent(tmp_path: Path) -> None:
    mail = outbox.post("test", "bob@example.org", "Hello", "There")
    for _ in range(2):
        FolderTransport().send(mail)
    assert len(list((tmp_path / "mails").iterdir())) == 1


def test_what_is_half_written_is_no_mail(tmp_path: Path) -> None:
    mail = outbox.post("test", "bob@example.org", "Hello", "There")
    FolderTransport().send(mail)
    [file] = (tmp_path / "mails").iterdir()
    file.rename(file.with_suffix(".part"))
    assert kept_mails() == []
    FolderTransport().send(mail)
    assert len(kept_mails()) == 1
