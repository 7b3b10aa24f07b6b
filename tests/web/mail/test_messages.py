import re
from collections.abc import Callable

import pytest
from django.db import transaction
from django.utils.translation import gettext_lazy

from momentum.web.mail import messages
from momentum.web.mail.models import Mail, Priority, Recipient

from ..cast import written
from .letterbox import Shown, message, part

SITE = "https://q.example"
ALL: dict[str, Callable[[], None]] = {
    "confirm_address": lambda: messages.confirm_address(
        "b@example.org", site_url=SITE, username="Bob", url="https://q.example/c"
    ),
    "reset_password": lambda: messages.reset_password(
        "b@example.org", site_url=SITE, username="Bob", url="https://q.example/r"
    ),
    "unknown_account": lambda: messages.unknown_account(
        "b@example.org", site_url=SITE, signup_url="https://q.example/s"
    ),
    "account_exists": lambda: messages.account_exists("b@example.org", site_url=SITE, reset_url="https://q.example/p"),
    "security_notice": lambda: messages.security_notice(
        "b@example.org", site_url=SITE, username="Bob", what="It was changed."
    ),
}


@pytest.mark.parametrize("name", ALL)
def test_each_mail_has_a_subject_and_says_its_thing(name: str) -> None:
    ALL[name]()
    mail = Mail.objects.get()
    body = written(mail)
    assert (mail.to, mail.kind, mail.priority) == ("b@example.org", name, Priority.ACCOUNT)
    assert re.search(r"^Subject: \S", mail.message, re.M)
    assert "It was changed." in body if name == "security_notice" else "https://q.example/" in body
    assert "{{" not in body
    assert "&#x27;" not in body


@pytest.mark.parametrize("name", ALL)
def test_each_mail_says_the_same_as_html(name: str) -> None:
    ALL[name]()
    mail = Mail.objects.get()
    shown = Shown(part(mail, "html"))
    assert all(link in written(mail) for link in shown.links)
    assert "List-Unsubscribe" not in message(mail)
    assert not {"img", "script", "link"} & set(shown.elements)
    assert shown.lacking_in(written(mail)) == []


def test_a_name_is_text_in_html_too() -> None:
    messages.reset_password("b@example.org", site_url=SITE, username="<b>Bob", url="https://q.example/r")
    shown = Shown(part(Mail.objects.get(), "html"))
    assert "<b>Bob" in shown.text
    assert "b" not in shown.elements


def test_the_language_is_the_readers_own_choice_else_the_browsers() -> None:
    for language in ("de", "fr"):
        messages.reset_password(
            "b@example.org", site_url=SITE, username="Bob", url="https://q.example/r", language=language
        )
    Recipient.objects.create(address="c@example.org", language="de")
    messages.reset_password("C@example.org", site_url=SITE, username="Bob", url="https://q.example/r", language="en")
    assert [written(mail).split()[0] for mail in Mail.objects.order_by("created_at")] == ["Neues", "Choose", "Neues"]


def test_a_notice_is_whole_in_the_readers_language() -> None:
    what = gettext_lazy("Your password was changed.")
    messages.security_notice("b@example.org", site_url=SITE, username="Bob", what=what, language="de")
    assert "Dein Passwort wurde geändert." in written(Mail.objects.get())


def test_names_are_not_escaped_for_html() -> None:
    messages.reset_password("b@example.org", site_url=SITE, username="O'Neill & Co", url="https://q.example/r?a=1&b=2")
    body = written(Mail.objects.get())
    assert "O'Neill & Co" in body
    assert "?a=1&b=2" in body


def test_a_rollback_takes_the_mail_along() -> None:
    with transaction.atomic():
        ALL["reset_password"]()
        transaction.set_rollback(True)
    assert not Mail.objects.exists()
