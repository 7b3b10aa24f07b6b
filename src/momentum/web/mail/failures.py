"""Why a mail could not be handed over: at which step, with which words of the server."""

from enum import StrEnum


class Step(StrEnum):
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    GREETING = "greeting"
    TOKEN = "token"  # OAuth's
    LOGIN = "login"
    SENDER = "sender"
    RECIPIENT = "recipient"
    DATA = "data"


ABOUT_THE_MAIL = (Step.RECIPIENT, Step.DATA)
TOO_BIG = 552


class MailFailure(Exception):
    """`code`: the server's, where it said one. `words`: the server's or the system's."""

    def __init__(self, step: Step, words: str, code: int | None = None, *, hung_up: bool = False) -> None:
        super().__init__(step, code)
        self.step, self.words, self.code, self.hung_up = step, words, code, hung_up

    @property
    def told(self) -> str:
        """What is kept for whoever asked."""
        return f"{self.code} {self.words}" if self.code else self.words

    @property
    def is_final(self) -> bool:
        """Whether trying again is pointless: a 5xx about this very mail. One about us may be put right."""
        about_mail = self.step in ABOUT_THE_MAIL or self.code == TOO_BIG
        return about_mail and self.code is not None and 500 <= self.code < 600

    @property
    def is_everybodys(self) -> bool:
        """Whether the next mail would meet the same."""
        return self.code == 421 or (self.step not in ABOUT_THE_MAIL and self.code != TOO_BIG)
