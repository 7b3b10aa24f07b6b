"""One connection to a mail server, step by step, so that what goes wrong has a name."""

import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from momentum.web.cutoff import cut_off
from momentum.web.lookup import lookup
from momentum.web.mail.failures import MailFailure, Step
from momentum.web.mail.oauth import AccessTokens, xoauth2
from momentum.web.mail.provider import Provider

CONNECT_S = 10.0
STEP_S = 30.0
"""For each answer; servers that look at a mail before they take it need some."""
TOTAL_S = 120.0
"""For logging in, and for each mail: less than a mail's lease."""


class Connection:
    """A connection that is logged in. Every method raises MailFailure; after one, only `close` is of use."""

    def __init__(self, smtp: smtplib.SMTP) -> None:
        self._smtp = smtp

    @classmethod
    def open(cls, provider: Provider, tokens: AccessTokens | None, say: Callable[[Step], object] = id) -> "Connection":
        """Connect and log in; `say` is told each step before it begins."""
        say(Step.DNS)
        with _at(Step.DNS):
            addresses = lookup(provider.host, provider.port, CONNECT_S)
        say(Step.CONNECT)
        sock = _connect(addresses, provider.port)
        smtp = _Adopting()
        try:
            smtp.sock = sock
            with cut_off(lambda: smtp.sock, TOTAL_S):
                _greet(smtp, provider, say)
                if provider.user:
                    say(Step.LOGIN)
                    _log_in(smtp, provider, tokens)
        except BaseException:
            smtp.close()
            raise
        return cls(smtp)

    def send(self, sender: str, recipient: str, message: bytes, say: Callable[[Step], object] = id) -> str:
        """Hand one mail over; returns the server's words. Raises MailFailure."""
        with cut_off(lambda: self._smtp.sock, TOTAL_S):
            say(Step.SENDER)
            with _at(Step.SENDER):
                _demand(Step.SENDER, self._smtp.mail(sender))
            say(Step.RECIPIENT)
            with _at(Step.RECIPIENT):
                _demand(Step.RECIPIENT, self._smtp.rcpt(recipient), 250, 251, 252)
            say(Step.DATA)
            with _at(Step.DATA):
                code, words = self._smtp.data(message)
                return _demand(Step.DATA, (code, words))

    def reset(self) -> bool:
        """Forget the mail that was refused; False where the connection is of no use any more."""
        try:
            return self._smtp.rset()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False

    def close(self) -> None:
        """Say goodbye where that still works."""
        with suppress(OSError, smtplib.SMTPException, ValueError):
            if self._smtp.sock is not None:
                self._smtp.sock.settimeout(1.0)
            self._smtp.quit()
        self._smtp.close()


class _Adopting(smtplib.SMTP):
    """smtplib on a socket that is connected already."""

    def __init__(self) -> None:
        super().__init__(timeout=STEP_S, local_hostname=socket.gethostname())  # without asking the DNS for it

    def greeting(self) -> tuple[int, bytes]:
        return self.getreply()


def _connect(addresses: Sequence[str], port: int) -> socket.socket:
    """A connection to the first address that takes one."""
    for address in addresses[:-1]:
        with suppress(OSError):
            return _connected(address, port)
    with _at(Step.CONNECT):
        return _connected(addresses[-1], port)


def _connected(address: str, port: int) -> socket.socket:
    sock = socket.create_connection((address, port), timeout=CONNECT_S)
    sock.settimeout(STEP_S)
    return sock


def _greet(smtp: _Adopting, provider: Provider, say: Callable[[Step], object]) -> None:
    if provider.security == "tls":
        say(Step.TLS)
        _encrypt(smtp, provider)
    say(Step.GREETING)
    with _at(Step.GREETING):
        _demand(Step.GREETING, smtp.greeting(), 220)
        smtp.ehlo_or_helo_if_needed()
    if provider.security == "starttls":
        say(Step.TLS)
        if not smtp.has_extn("starttls"):
            raise MailFailure(Step.TLS, "The server offers no STARTTLS.")
        with _at(Step.TLS):
            _demand(Step.TLS, smtp.docmd("STARTTLS"), 220)
            _encrypt(smtp, provider)
            smtp.ehlo_resp = smtp.helo_resp = None
            smtp.esmtp_features = {}
            smtp.ehlo_or_helo_if_needed()


def _encrypt(smtp: smtplib.SMTP, provider: Provider) -> None:
    assert smtp.sock is not None
    with _at(Step.TLS):
        encrypted = ssl.create_default_context().wrap_socket(
            smtp.sock, server_hostname=provider.host, do_handshake_on_connect=False
        )
        smtp.sock, smtp.file = encrypted, None
        encrypted.do_handshake()


def _log_in(smtp: smtplib.SMTP, provider: Provider, tokens: AccessTokens | None) -> None:
    if tokens is None:
        with _at(Step.LOGIN):
            smtp.login(provider.user, provider.password)
        return
    token = tokens.get()
    try:
        with _at(Step.LOGIN):
            # A refusal comes as a challenge, which is answered with an empty line.
            smtp.auth("XOAUTH2", lambda challenge=None: xoauth2(provider.user, token) if challenge is None else "")
    except MailFailure:
        tokens.forget()
        raise


def _demand(step: Step, answer: tuple[int, bytes], *wanted: int) -> str:
    code, words = answer[0], _plain(answer[1])
    if code not in (wanted or (250,)):
        raise MailFailure(step, words, code, hung_up=code == 421)
    return f"{code} {words}"


@contextmanager
def _at(step: Step) -> Iterator[None]:
    """What goes wrong in here goes wrong at this step."""
    try:
        yield
    except smtplib.SMTPResponseException as error:
        raise MailFailure(step, _plain(error.smtp_error), error.smtp_code, hung_up=error.smtp_code == 421) from None
    except smtplib.SMTPServerDisconnected as error:
        slow = isinstance(error.__context__, TimeoutError)
        words = "The server took too long." if slow else "The server closed the connection."
        raise MailFailure(step, words, hung_up=True) from None
    except smtplib.SMTPException as error:
        raise MailFailure(step, str(error)) from None
    except TimeoutError:
        raise MailFailure(step, "The server took too long.", hung_up=True) from None
    except OSError as error:
        words = getattr(error, "verify_message", "") or error.strerror or type(error).__name__
        raise MailFailure(step, str(words), hung_up=True) from None


def _plain(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
