"""The outbox against a real server that misbehaves: afterwards its inbox and the database agree."""

import logging
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone

from momentum.web.mail import courier, outbox, smtp
from momentum.web.mail.courier import Courier
from momentum.web.mail.models import Mail, Priority
from momentum.web.mail.transport import SmtpTransport, transport

from .postmaster import Postmaster, disagreements, duplicates


@pytest.fixture
def server(configure: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> Iterator[Postmaster]:
    monkeypatch.setattr(smtp, "STEP_S", 1.0)
    monkeypatch.setattr(courier, "FIRST_REST", timedelta())
    with Postmaster() as running:
        configure(email_url=f"smtp://127.0.0.1:{running.port}")
        yield running


def post(to: str) -> Mail:
    return outbox.post("test", to, "Hello", "There")


def send_for_a_day(send_all: Callable[[], int]) -> None:
    """Let time go by until nothing waits any more."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(60):
            send_all()
            waiting = Mail.objects.filter(status="queued").order_by("due_at").first()
            if waiting is None:
                return
            clock.move_to(max(timezone.now(), waiting.due_at) + timedelta(milliseconds=1))
    raise AssertionError("something waits for ever")


def agree(server: Postmaster) -> None:
    assert disagreements(server.inbox, Mail.objects.values_list("message_id", "to", "status")) == []


def test_one_connection_carries_many_mails(server: Postmaster, send_all: Callable[[], int]) -> None:
    for number in range(30):
        post(f"b{number}@example.org")
    assert send_all() == 30
    assert (len(server.inbox), server.connections) == (30, 1)
    agree(server)
    assert set(Mail.objects.values_list("status", "message")) == {("sent", "")}


@pytest.mark.parametrize(
    ("plan", "status", "attempts", "copies"),
    [
        ([], "sent", 1, 1),
        (["rcpt 451 4.7.1 Greylisted"] * 3, "sent", 4, 1),
        (["data 451 4.3.0 Busy"], "sent", 2, 1),
        (["rcpt 421 4.7.0 Closing"], "sent", 2, 1),
        (["drop"], "sent", 2, 1),
        (["hang"], "sent", 2, 1),
        (["cut"], "sent", 2, 2),
        (["rcpt 550 5.1.1 No such user"], "failed", 1, 0),
        (["data 554 5.7.1 Spam"], "failed", 1, 0),
        (["rcpt 450 4.2.1 Away"] * 100, "failed", None, 0),
    ],
    ids=["fine", "greylisted", "busy", "421", "drop", "hang", "cut", "550", "554", "450 for ever"],
)
def test_one_bad_mail_among_others(
    server: Postmaster, send_all: Callable[[], int], plan: list[str], status: str, attempts: int | None, copies: int
) -> None:
    server.plans["bad@example.org"] = list(plan)
    for to in ("a@example.org", "bad@example.org", "c@example.org"):
        post(to)
    send_for_a_day(send_all)
    agree(server)
    bad = Mail.objects.get(to="bad@example.org")
    assert bad.status == status
    assert attempts is None or bad.attempts == attempts
    assert [one.to for one in server.inbox].count("bad@example.org") == copies
    assert len({one.message_id for one in server.inbox if one.to == bad.to}) == min(copies, 1)
    assert {mail.status for mail in Mail.objects.exclude(pk=bad.pk)} == {"sent"}
    if status == "failed":
        assert bad.answer == plan[0].partition(" ")[2]


def test_a_server_that_greylists_everybody_gets_all_in_the_end(configure: Callable[..., None]) -> None:
    with Postmaster(greylist=True) as server:
        configure(email_url=f"smtp://127.0.0.1:{server.port}")
        for number in range(20):
            post(f"b{number}@example.org")
        sender = Courier(transport(), tuple(Priority), "here-0")
        with time_machine.travel(timezone.now(), tick=False) as clock:
            while sender.send_next():
                pass
            assert server.inbox == []
            clock.shift(timedelta(minutes=1))
            while sender.send_next():
                pass
        sender.close()
        agree(server)
        assert (len(server.inbox), duplicates(server.inbox), server.connections) == (20, 0, 1)


def test_while_the_server_is_away_one_mail_tries_and_all_wait(
    configure: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    with Postmaster() as gone:
        configure(email_url=f"smtp://127.0.0.1:{gone.port}")
    for number in range(5):
        post(f"b{number}@example.org")
    sender = Courier(transport(), tuple(Priority), "here-0", clock=lambda: now[0])
    assert [sender.send_next() for _ in range(5)] == [True, False, False, False, False]
    assert sum(Mail.objects.values_list("attempts", flat=True)) == 1
    rests = []
    for _ in range(8):
        before = now[0]
        while not sender.send_next():
            now[0] += 0.5
            Mail.objects.update(due_at=timezone.now())
        rests.append(now[0] - before)
    assert rests[0] < rests[3] < rests[6]
    assert max(rests) <= courier.LONGEST_REST.total_seconds() + 0.5
    assert {mail.status for mail in Mail.objects.all()} == {"queued"}


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_that_a_mail_was_taken_is_noted_though_the_database_is_busy(
    server: Postmaster, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = [OperationalError("database is locked")] * 3
    note_sent = outbox.note_sent

    def note(mail: Mail, words: str) -> None:
        if busy:
            raise busy.pop()
        note_sent(mail, words)

    monkeypatch.setattr(outbox, "note_sent", note)
    post("bob@example.org")
    sender = Courier(transport(), tuple(Priority), "here-0", sleep=lambda _: None)
    while sender.send_next():
        pass
    sender.close()
    assert (len(server.inbox), busy) == (1, [])
    agree(server)
    assert Mail.objects.get().status == "sent"


def test_a_refused_sender_is_nobody_s_fault_among_the_mails(
    configure: Callable[..., None], send_all: Callable[[], int]
) -> None:
    with Postmaster(sender="550 5.7.1 Not your address") as server:
        configure(email_url=f"smtp://127.0.0.1:{server.port}")
        post("bob@example.org")
        send_all()
        mail = Mail.objects.get()
        assert (mail.status, mail.answer) == ("queued", "550 5.7.1 Not your address")
        server.sender = ""
        Mail.objects.update(due_at=timezone.now())
        send_all()
        assert Mail.objects.get().status == "sent"


def test_a_connection_that_the_server_closed_meanwhile_costs_no_attempt(server: Postmaster) -> None:
    moving = transport()
    assert isinstance(moving, SmtpTransport)
    sender = Courier(moving, tuple(Priority), "here-0")
    post("a@example.org")
    sender.send_next()
    assert moving._connection
    assert moving._connection._smtp.sock
    moving._connection._smtp.sock.shutdown(socket.SHUT_RDWR)
    post("b@example.org")
    sender.send_next()
    sender.close()
    assert list(Mail.objects.values_list("status", "attempts")) == [("sent", 1)] * 2
    assert server.connections == 2


def test_a_mail_that_cannot_be_sent_at_all_is_set_aside(server: Postmaster, send_all: Callable[[], int]) -> None:
    broken = post("poison@example.org")
    Mail.objects.filter(pk=broken.pk).update(message="\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), to="")
    post("fine@example.org")
    send_all()
    Mail.objects.filter(pk=broken.pk, status="queued").update(due_at=timezone.now())
    assert Mail.objects.get(to="fine@example.org").status == "sent"


def test_no_address_and_no_server_s_words_are_logged(
    server: Postmaster, send_all: Callable[[], int], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.plans["bob@example.org"] = ["rcpt 550 5.1.1 <bob@example.org> unknown"]
    post("bob@example.org")
    send_all()
    assert "bob@" not in "".join(record.getMessage() for record in caplog.records if record.name.startswith("momentum"))
    assert "recipient 550" in caplog.text
    assert Mail.objects.get().answer == "550 5.1.1 <bob@example.org> unknown"
