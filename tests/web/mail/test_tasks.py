from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from momentum.web.mail.queries import kept_mails
from momentum.web.mail.tasks import TRIES, send

from ..cast import work_off_what_is_due


@pytest.fixture(autouse=True)
def mails_kept(settings: Settings, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "momentum.web.mail.transport.MailTransport"
    settings.MOMENTUM = replace(settings.MOMENTUM, data_dir=tmp_path, email_url=None)


def test_a_mail_waits_for_its_server_and_is_sent_when_that_is_back(settings: Settings) -> None:
    settings.MOMENTUM = replace(settings.MOMENTUM, email_url="smtp://127.0.0.1:1")
    send.enqueue("bob@example.org", "Hello", "There")
    work_off_what_is_due()
    [waiting] = DBTaskResult.objects.filter(status="READY")
    assert timedelta(seconds=20) < waiting.run_after - timezone.now() <= timedelta(seconds=30)
    assert waiting.args_kwargs["args"] == ["bob@example.org", "Hello", "There", 2]
    settings.MOMENTUM = replace(settings.MOMENTUM, email_url=None)
    DBTaskResult.objects.filter(pk=waiting.pk).update(run_after=timezone.now())
    work_off_what_is_due()
    assert [mail.subject for mail in kept_mails()] == ["Hello"]


def test_it_is_given_up_after_some_tries(settings: Settings) -> None:
    settings.MOMENTUM = replace(settings.MOMENTUM, email_url="smtp://127.0.0.1:1")
    send.enqueue("bob@example.org", "Hello", "There", TRIES)
    work_off_what_is_due()
    assert [task.status for task in DBTaskResult.objects.all()] == ["FAILED"]
