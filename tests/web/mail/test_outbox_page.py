from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from momentum.web.accounts.models import User
from momentum.web.mail import outbox
from momentum.web.mail.figures import figures
from momentum.web.mail.models import Mail, Priority

PAGE = "/operator/mail"


@pytest.fixture(autouse=True)
def mails(configure: Callable[..., None]) -> None:
    """One waits, one was sent, one failed, one is set aside."""
    for number, status in enumerate(("queued", "sent", "failed", "set_aside")):
        mail = outbox.post("reset_password", f"b{number}@example.org", "Geheim", "There", priority=Priority.ORGANISER)
        Mail.objects.filter(pk=mail.pk).update(
            status=status,
            finished_at=None if status == "queued" else timezone.now(),
            answer="" if status == "queued" else "550 <b>no</b> <b0@example.org>",
            created_at=timezone.now() - timedelta(minutes=number + 1),
        )


def test_the_figures_are_those_of_the_outbox() -> None:
    now = figures()
    assert (now.queued, now.sent, now.failed, now.set_aside, now.sent_today) == (1, 1, 1, 1, 1)
    assert 60 <= now.oldest_s < 70


def test_the_page_is_for_operators_and_shows_no_address(as_alice: Client, alice: User, anyone: Client) -> None:
    assert anyone.get(PAGE)["Location"].startswith("/accounts/login/")
    assert as_alice.get(PAGE).status_code == 404
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    body = as_alice.get(PAGE).content.decode()
    assert "550 &lt;b&gt;no&lt;/b&gt;" in body
    assert "example.org" not in body
    assert "Geheim" not in body


def test_a_mail_that_was_set_aside_is_tried_again_by_an_operator(as_alice: Client, alice: User) -> None:
    path = f"{PAGE}/{Mail.objects.get(status='set_aside').pk}/again"
    assert as_alice.post(path).status_code == 404
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    assert as_alice.get(path).status_code == 405
    assert as_alice.post(path)["Location"] == PAGE
    assert Mail.objects.filter(status="queued").count() == 2
    assert as_alice.post(path.replace(path.split("/")[3], alice.pk.hex)).status_code == 404


def test_metrics_are_for_this_machine(anyone: Client) -> None:
    answer = anyone.get("/metrics").content.decode()
    assert 'momentum_mails{status="queued"} 1.0' in answer
    assert "momentum_mail_oldest_seconds 6" in answer
    assert "example.org" not in answer
    assert anyone.get("/metrics", REMOTE_ADDR="192.168.1.30").status_code == 404
