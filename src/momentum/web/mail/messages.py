"""One function per mail; `site_url` is the address of this site.

Each mail goes into the outbox in the transaction that causes it: a rollback takes it along.
"""

from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from momentum.web.mail import outbox


def confirm_address(to: str, *, site_url: str, username: str, url: str) -> None:
    _post("confirm_address", to, site_url=site_url, username=username, url=url)


def reset_password(to: str, *, site_url: str, username: str, url: str) -> None:
    _post("reset_password", to, site_url=site_url, username=username, url=url)


def unknown_account(to: str, *, site_url: str, signup_url: str) -> None:
    """Somebody asked to reset a password for an address that nobody has here."""
    _post("unknown_account", to, site_url=site_url, email=to, signup_url=signup_url)


def account_exists(to: str, *, site_url: str, reset_url: str) -> None:
    """Somebody signed up with an address that has an account."""
    _post("account_exists", to, site_url=site_url, email=to, reset_url=reset_url)


def security_notice(to: str, *, site_url: str, username: str, what: str) -> None:
    """`what`: one sentence, translated."""
    _post("security_notice", to, site_url=site_url, username=username, what=what, at=timezone.now())


def _post(name: str, to: str, **context: Any) -> None:
    subject = " ".join(render_to_string(f"mail/{name}_subject.txt", context).split())
    outbox.post(name, to, subject, render_to_string(f"mail/{name}_body.txt", context))
