"""What an operator is told when mail does not work."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from threading import Thread

import pytest

from momentum.environment import Environment
from momentum.environment.reading import EmailOAuth
from momentum.web.mail.diagnosis import NAMES, advice
from momentum.web.mail.failures import MailFailure, Step
from momentum.web.mail.provider import Provider
from momentum.wiring import mail_test
from momentum.wiring.refusal import Refusal

HAPPY = (b"220 hi", b"250 hi", b"250 ok", b"250 ok", b"354 go on", b"250 2.0.0 taken", b"221 bye")


@contextmanager
def server(*answers: bytes) -> Iterator[int]:
    """Says the first answer at once, and each further one when it has heard something (a mail as a whole)."""
    listener = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        connection, _ = listener.accept()
        with suppress(OSError), connection, connection.makefile("rb") as heard:
            for answer in answers:
                connection.sendall(answer + b"\r\n")
                line = heard.readline()
                while answer.startswith(b"354") and line not in (b".\r\n", b""):
                    line = heard.readline()

    thread = Thread(target=talk)
    thread.start()
    yield listener.getsockname()[1]
    listener.close()
    thread.join()


def try_mail(environment: Environment, url: str, **settings: object) -> tuple[int, str]:
    said: list[str] = []
    changed = replace(environment, email_url=url, **settings)  # type: ignore[arg-type]
    return mail_test.run(changed, "bob@example.org", said.append), "\n".join(said)


def test_a_mail_that_is_taken_is_said_to_be(environment: Environment) -> None:
    with server(*HAPPY) as port:
        code, said = try_mail(environment, f"smtp://127.0.0.1:{port}")
    assert code == 0
    assert "250 2.0.0 taken" in said
    assert "FAILED" not in said


@pytest.mark.parametrize(
    ("answers", "step", "words"),
    [
        ((b"554 go away",), Step.GREETING, "smtps://"),
        ((*HAPPY[:2], b"550 not you"), Step.SENDER, "EMAIL_FROM"),
        ((*HAPPY[:3], b"550 no such user"), Step.RECIPIENT, "no mail for this address"),
        ((*HAPPY[:3], b"451 greylisted"), Step.RECIPIENT, "later"),
        ((*HAPPY[:5], b"554 spam"), Step.DATA, "words above"),
    ],
)
def test_the_step_that_fails_is_named_with_the_server_s_words(
    environment: Environment, answers: tuple[bytes, ...], step: Step, words: str
) -> None:
    with server(*answers, b"221 bye", b"221 bye") as port:
        code, said = try_mail(environment, f"smtp://127.0.0.1:{port}")
    assert code == 1
    assert f"FAILED {NAMES[step]}: {answers[-1].decode()}" in said
    assert words in said


def test_hosts_ports_and_tls_that_do_not_work_are_told_apart(environment: Environment) -> None:
    assert "leads nowhere" in try_mail(environment, "smtp://nowhere.invalid")[1]
    assert "takes no connection" in try_mail(environment, "smtp://127.0.0.1:1")[1]
    with server(*HAPPY[:2], b"221 bye") as port:
        assert "smtps://" in try_mail(environment, f"smtp+tls://127.0.0.1:{port}")[1]
    with server(b"220 hi") as port:
        assert "smtp+tls://" in try_mail(environment, f"smtps://127.0.0.1:{port}")[1]


def test_a_refused_token_is_told_apart(environment: Environment) -> None:
    oauth = EmailOAuth(token_url="http://127.0.0.1:1/", client_id="c", client_secret="s", refresh_token="r")
    with server(*HAPPY[:2], b"221 bye") as port:
        said = try_mail(environment, f"smtp://me@127.0.0.1:{port}", email_oauth=oauth)[1]
    assert f"FAILED {NAMES[Step.TOKEN]}" in said
    assert "EMAIL_OAUTH_TOKEN_URL" in said


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (MailFailure(Step.TOKEN, "No access token was given: invalid_grant"), "new one"),
        (MailFailure(Step.TOKEN, "No access token was given: invalid_client"), "CLIENT_ID"),
        (MailFailure(Step.LOGIN, "5.7.8 Username and Password not accepted", 535), "app password"),
        (MailFailure(Step.LOGIN, "SMTP AUTH extension not supported by server."), "takes no login"),
        (MailFailure(Step.TLS, "certificate has expired"), "clock"),
    ],
)
def test_frequent_troubles_have_advice_of_their_own(failure: MailFailure, words: str) -> None:
    assert words in advice(failure, Provider("mail.example.org", 587, "starttls"), "quiz@example.org")


def test_every_step_has_a_name_and_advice() -> None:
    for step in Step:
        assert NAMES[step]
        assert advice(MailFailure(step, "?"), Provider("mail.example.org", 587, "starttls"), "quiz@example.org")


def test_without_a_server_or_an_address_it_refuses(environment: Environment) -> None:
    with pytest.raises(Refusal, match="EMAIL_URL is not set"):
        mail_test.run(environment, "bob@example.org", print)
    with pytest.raises(Refusal, match="no address"):
        mail_test.run(replace(environment, email_url="smtp://127.0.0.1"), "bob", print)
