import re
from collections.abc import Callable

import pytest
from django.db import transaction

from momentum.web.mail import messages
from momentum.web.mail.models import Mail, Priority

from ..cast import written

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
