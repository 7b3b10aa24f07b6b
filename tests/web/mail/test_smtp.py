"""The steps to a mail server, each of which can go wrong."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from momentum.environment.reading import EmailOAuth
from momentum.web.mail import smtp
from momentum.web.mail.failures import MailFailure, Step
from momentum.web.mail.oauth import AccessTokens
from momentum.web.mail.provider import Provider, Security
from momentum.web.mail.smtp import Connection

from ..certificates import localhost
from .postmaster import PASSWORD, TOKEN, USER, Postmaster

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
MAIL = b"Subject: Hello\r\nMessage-ID: <1@example.org>\r\n\r\n.dots\r\n..stay\r\n"


class Tokens(AccessTokens):
    """Tokens that need no provider."""

    def __init__(self, *tokens: str) -> None:
        super().__init__(EmailOAuth("https://t.example", "i", "s", "r"))
        self.tokens = list(tokens)

    def get(self) -> str:
        return self.tokens[0]

    def forget(self) -> None:
        self.tokens.pop(0)


def at(server: Postmaster, security: Security = "none", user: str = "", password: str = "") -> Provider:
    return Provider("localhost", server.port, security, user, password)


def deliver(provider: Provider, tokens: AccessTokens | None = None) -> list[Step]:
    """Send one mail; returns the steps that were said."""
    steps: list[Step] = []
    connection = Connection.open(provider, tokens, steps.append)
    try:
        connection.send("quiz@example.org", "bob@example.org", MAIL, steps.append)
    finally:
        connection.close()
    return steps


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "STEP_S", 1.0)
    monkeypatch.setattr(smtp, "TOTAL_S", 1.5)


@pytest.fixture
def believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, object]]:
    """A server's TLS that clients of this test believe."""
    file, context = localhost(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    yield {"context": context}


def test_a_mail_arrives_as_it_was_written() -> None:
    with Postmaster() as server:
        assert deliver(at(server))[0] == Step.DNS
    [mail] = server.inbox
    assert mail.content == MAIL
    assert mail.message_id == "<1@example.org>"


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_with_tls_and_login(security: Security, believed: dict[str, object]) -> None:
    context = believed["context"]
    tls = {"starttls" if security == "starttls" else "tls": context}
    with Postmaster(login=True, **tls) as server:  # type: ignore[arg-type]
        steps = deliver(at(server, security, USER, PASSWORD))
        assert {Step.TLS, Step.LOGIN} <= set(steps)
        with pytest.raises(MailFailure) as refused:
            deliver(at(server, security, USER, "wrong"))
    assert (refused.value.step, refused.value.code) == (Step.LOGIN, 535)
    assert refused.value.is_everybodys
    assert not refused.value.is_final
    assert len(server.inbox) == 1
    assert server.logins


def test_with_an_access_token(believed: dict[str, object]) -> None:
    with Postmaster(login=True, starttls=believed["context"]) as server:  # type: ignore[arg-type]
        tokens = Tokens("old", TOKEN)
        with pytest.raises(MailFailure) as refused:
            deliver(at(server, "starttls", USER), tokens)
        assert (refused.value.step, refused.value.code) == (Step.LOGIN, 535)
        deliver(at(server, "starttls", USER), tokens)
    assert server.logins == ["XOAUTH2"]
    assert len(server.inbox) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_is_refused(security: Security, tmp_path: Path) -> None:
    _file, context = localhost(tmp_path)
    tls = {"starttls" if security == "starttls" else "tls": context}
    with Postmaster(**tls) as server, pytest.raises(MailFailure) as refused:  # type: ignore[arg-type]
        deliver(at(server, security, USER, PASSWORD))
    assert refused.value.step == Step.TLS
    assert "certificate" in refused.value.words
    assert server.inbox == []


def test_no_password_is_sent_to_a_server_without_starttls() -> None:
    with Postmaster(login=True) as server, pytest.raises(MailFailure) as refused:
        deliver(at(server, "starttls", USER, PASSWORD))
    assert refused.value.step == Step.TLS
    assert server.logins == []


def test_hosts_and_ports_that_are_not_there() -> None:
    with Postmaster() as gone:
        provider = at(gone)
    for wrong, step in ((provider, Step.CONNECT), (replace(provider, host="nowhere.invalid"), Step.DNS)):
        with pytest.raises(MailFailure) as refused:
            deliver(wrong)
        assert (refused.value.step, refused.value.is_everybodys) == (step, True)


@pytest.mark.parametrize(
    ("plan", "step", "code", "final", "everybodys"),
    [
        ("rcpt 550 5.1.1 No such user", Step.RECIPIENT, 550, True, False),
        ("rcpt 451 4.7.1 Greylisted", Step.RECIPIENT, 451, False, False),
        ("rcpt 421 4.7.0 Closing", Step.RECIPIENT, 421, False, True),
        ("data 554 5.7.1 Spam", Step.DATA, 554, True, False),
        ("data 452 4.2.2 Full", Step.DATA, 452, False, False),
        ("cut", Step.DATA, None, False, False),
        ("drop", Step.RECIPIENT, None, False, False),
        ("hang", Step.DATA, None, False, False),
    ],
)
def test_what_a_server_says_decides_what_is_done(
    plan: str, step: Step, code: int | None, final: bool, everybodys: bool
) -> None:
    with Postmaster() as server:
        server.plans["bob@example.org"].append(plan)
        with pytest.raises(MailFailure) as refused:
            deliver(at(server))
    failure = refused.value
    assert (failure.step, failure.code, failure.is_final, failure.is_everybodys) == (step, code, final, everybodys)
    if code:
        assert failure.told == plan.partition(" ")[2]


@contextmanager
def talking(*lines: bytes, pause_s: float = 0.0, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server that says these lines and nothing else, whatever it hears."""
    listener = socket.create_server(("127.0.0.1", 0))
    leave = threading.Event()

    def talk() -> None:
        connection, _ = listener.accept()
        connection = tls.wrap_socket(connection, server_side=True) if tls else connection
        with suppress(OSError), connection:
            for line in lines:
                connection.sendall(line)
                if leave.wait(pause_s):
                    return
            leave.wait(10)

    thread = threading.Thread(target=talk)
    thread.start()
    yield listener.getsockname()[1]
    leave.set()
    thread.join()
    listener.close()


def test_a_server_that_trickles_behind_tls_is_left_in_time(believed: dict[str, object]) -> None:
    """Each byte comes in time; the greeting never ends."""
    context = believed["context"]
    assert isinstance(context, ssl.SSLContext)
    began = time.monotonic()
    with talking(*[b"2"] * 60, pause_s=0.1, tls=context) as port, pytest.raises(MailFailure) as refused:
        deliver(Provider("localhost", port, "tls"))
    assert refused.value.step == Step.GREETING
    assert time.monotonic() - began < 4


@pytest.mark.parametrize(
    ("lines", "pause_s", "words"),
    [
        ((), 0.0, "too long"),
        ((b"2", b"2", b"0", *[b"x"] * 60), 0.1, ""),
        ((b"HTTP/1.1 400 Bad Request\r\n",), 0.0, ""),
        ((b"554 5.7.1 Go away\r\n",), 0.0, "Go away"),
        ((b"220 " + b"x" * 100_000 + b"\r\n",), 0.0, ""),
    ],
    ids=["silent", "trickling", "another protocol", "refusing", "endless line"],
)
def test_what_is_no_usable_mail_server_is_left_in_time(lines: tuple[bytes, ...], pause_s: float, words: str) -> None:
    with talking(*lines, pause_s=pause_s) as port, pytest.raises(MailFailure) as refused:
        deliver(Provider("127.0.0.1", port, "none"))
    assert refused.value.step == Step.GREETING
    assert words in refused.value.words
