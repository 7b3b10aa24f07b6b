"""What stands in a mail that waits in the outbox."""

import email
import email.policy
import re
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

from icalendar import Calendar

from momentum.web.mail.models import Mail

ONLY_IN_HTML = (
    "m", "o", "mentum", "If the button does not work, open this address:",
    "Wenn der Knopf nicht geht, öffne diese Adresse:",
)  # fmt: skip
URL = re.compile(r"https?://[^\s\"'<>]+")


def message(mail: Mail) -> EmailMessage:
    read = email.message_from_string(mail.message, _class=EmailMessage, policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    return read


def part(mail: Mail, kind: str) -> str:
    """The body of this kind: plain, html or calendar; "" if there is none."""
    for each in message(mail).walk():
        if each.get_content_subtype() == kind:
            content: str = each.get_content()
            return content.replace("\r\n", "\n")
    return ""


def calendar(mail: Mail) -> Any:
    return Calendar.from_ical(part(mail, "calendar"))


def event(mail: Mail) -> Any:
    (found,) = calendar(mail).walk("VEVENT")
    return found


def urls(mail: Mail) -> set[str]:
    """All addresses of pages in it, those of headers too."""
    unsubscribe = message(mail).get("List-Unsubscribe", "")
    return {url for text in (part(mail, "plain"), part(mail, "html"), unsubscribe) for url in URL.findall(text)}


class Shown(HTMLParser):
    """The words that a reader of HTML sees, the elements and the addresses that links lead to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.elements: list[str] = []
        self.links: list[str] = []
        self._hidden = 0
        self.feed(html)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def lacking_in(self, plain: str) -> list[str]:
        """What is said here and not there, but for the wordmark and the explanation of the button."""
        there = " ".join(plain.split())
        said = [" ".join(words.split()) for words in self.words]
        return [one for one in said if one not in there and one not in ONLY_IN_HTML]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self._hidden += tag in ("style", "title")
        self.links += [value for name, value in attrs if name in ("href", "src") and value]

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)
