"""Servers that misbehave cost little and break nothing."""

import time
from pathlib import Path

import pytest

from momentum.web.webhooks import post
from momentum.web.webhooks.post import NoAnswer

from ..certificates import localhost
from ..receiver import Receiver


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "STEP_S", 0.4)
    monkeypatch.setattr(post, "TOTAL_S", 0.8)


def send(url: str) -> int:
    return post.post(url, b'{"a":1}', {"webhook-id": "msg_1"}, anywhere=True)


def test_a_message_arrives_whole(receiver: Receiver) -> None:
    assert send(receiver.url) == 204
    [message] = receiver.messages
    assert (message.path, message.body, message.id) == ("/hook?a=1", b'{"a":1}', "msg_1")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(receiver: Receiver, status: int) -> None:
    receiver.status, receiver.location = status, receiver.url
    assert send(receiver.url) == status
    assert len(receiver.messages) == 1


@pytest.mark.parametrize("manner", ["silent", "trickle"])
def test_a_slow_server_is_not_waited_for(receiver: Receiver, manner: str) -> None:
    receiver.manner = manner
    began = time.monotonic()
    try:
        send(receiver.url)
    except NoAnswer as error:
        assert "too long" in str(error)
    assert time.monotonic() - began < 3


def test_of_a_huge_answer_little_is_read(receiver: Receiver) -> None:
    receiver.manner = "huge"
    assert send(receiver.url) == 204


def test_a_closed_port_is_said_in_words() -> None:
    with Receiver() as gone:
        url = gone.url
    with pytest.raises(NoAnswer, match="connection failed"):
        send(url)


def test_tls_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, context = localhost(tmp_path)
    with Receiver(context) as receiver:
        with pytest.raises(NoAnswer, match="secure"):
            send(receiver.url)
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        assert send(receiver.url) == 204
        with pytest.raises(NoAnswer, match="secure"):
            send(receiver.url.replace("localhost", "127.0.0.1"))
    assert len(receiver.messages) == 1
