import re
from dataclasses import replace

import pytest
from django.test import Client
from pytest_django import Settings

from momentum.web.accounts.models import User
from momentum.web.webhooks import actions, delivering
from momentum.web.webhooks.models import Delivery, Endpoint

from ..receiver import Receiver

PAGE = "/accounts/webhooks"
FORM = {"url": "https://example.org/hook?<b>", "events": ["game.over"]}


def test_the_secret_is_shown_once(as_alice: Client) -> None:
    made = as_alice.post(PAGE, FORM)
    [secret] = re.findall(r"whsec_[\w+/=]{44}", made.content.decode())
    assert Endpoint.objects.get().secret == secret
    assert "no-store" in made["Cache-Control"]
    for path in (PAGE, f"{PAGE}/{Endpoint.objects.get().pk}"):
        body = as_alice.get(path).content.decode()
        assert secret not in body
        assert "hook?&lt;b&gt;" in body


def test_what_is_wrong_is_said_and_nothing_is_made(as_alice: Client, settings: Settings) -> None:
    settings.MOMENTUM = replace(settings.MOMENTUM, webhook_targets="public")
    for url in ("", "example.org", "http://example.org/", "https://127.0.0.1/", "https://me:word@example.org/"):
        assert as_alice.post(PAGE, FORM | {"url": url}).status_code == 400
    for events in ([], ["test"], ["account.deleted"]):
        assert as_alice.post(PAGE, FORM | {"events": events}).status_code == 400
    assert not Endpoint.objects.exists()


def test_there_is_a_limit(as_alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST", 1)
    assert as_alice.post(PAGE, FORM).status_code == 200
    assert "Delete one" in as_alice.post(PAGE, FORM).content.decode()
    assert Endpoint.objects.count() == 1


def test_a_test_is_sent_and_seen_and_sent_again(as_alice: Client, endpoint: Endpoint, receiver: Receiver) -> None:
    page = f"{PAGE}/{endpoint.pk}"
    assert as_alice.post(f"{page}/test")["Location"] == page
    assert "waiting" in as_alice.get(page).content.decode()
    for delivery in delivering.claim_due("here-0", 1):
        delivering.deliver(delivery)
    delivery = Delivery.objects.get()
    body = as_alice.get(page).content.decode()
    assert "delivered" in body
    assert delivery.message_id in body
    assert as_alice.post(f"{PAGE}/messages/{delivery.pk}/again")["Location"] == page
    assert Delivery.objects.get().status == "pending"


def test_it_is_paused_resumed_and_deleted(as_alice: Client, endpoint: Endpoint) -> None:
    page = f"{PAGE}/{endpoint.pk}"
    as_alice.post(f"{page}/pause")
    assert "Paused by you" in as_alice.get(page).content.decode()
    as_alice.post(f"{page}/resume")
    endpoint.refresh_from_db()
    assert endpoint.paused_at is None
    for reason, sentence in (("failing", "for a day"), ("gone", "410")):
        actions.pause_endpoint(endpoint)
        Endpoint.objects.update(paused_because=reason)
        assert sentence in as_alice.get(page).content.decode()
        actions.resume_endpoint(endpoint)
    assert as_alice.post(f"{page}/delete")["Location"] == PAGE
    assert not Endpoint.objects.exists()


def test_somebody_else_s_is_not_there(as_bob: Client, anyone: Client, endpoint: Endpoint, alice: User) -> None:
    actions.send_test(endpoint)
    page = f"{PAGE}/{endpoint.pk}"
    assert endpoint.url not in as_bob.get(PAGE).content.decode()
    assert as_bob.get(page).status_code == 404
    posts = [f"{page}/{what}" for what in ("test", "pause", "resume", "delete")]
    for path in (*posts, f"{PAGE}/messages/{Delivery.objects.get().pk}/again"):
        assert as_bob.post(path).status_code == 404
        assert as_bob.get(path).status_code == 405
        assert anyone.post(path)["Location"].startswith("/accounts/login/")
    assert Endpoint.objects.get().paused_at is None
