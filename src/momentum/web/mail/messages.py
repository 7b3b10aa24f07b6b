"""One function per mail. Each is handed to the worker in the transaction that causes it: a rollback takes it along."""

from collections.abc import Callable
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy

from momentum.web.mail.tasks import send


def confirm_address(to: str, *, username: str, url: str) -> None:
    _post("confirm_address", to, username=username, url=url)


def reset_password(to: str, *, username: str, url: str) -> None:
    _post("reset_password", to, username=username, url=url)


def unknown_account(to: str, *, signup_url: str) -> None:
    """Somebody asked to reset a password for an address that nobody has here."""
    _post("unknown_account", to, email=to, signup_url=signup_url)


def account_exists(to: str, *, reset_url: str) -> None:
    """Somebody signed up with an address that has an account."""
    _post("account_exists", to, email=to, reset_url=reset_url)


def security_notice(to: str, *, username: str, what: str) -> None:
    """`what`: one sentence, translated."""
    _post("security_notice", to, username=username, what=what, at=timezone.now())


def from_allauth(template_prefix: str, to: str, context: dict[str, Any]) -> None:
    """The mail that allauth means by a template prefix such as "account/email/password_reset_key"."""
    _BY_ALLAUTH_NAME[_name(template_prefix)](to, context)


def notice_from_allauth(template_prefix: str, to: str, *, username: str) -> None:
    """The security notice that allauth means by a template prefix such as "account/email/password_changed"."""
    security_notice(to, username=username, what=str(NOTICES[_name(template_prefix)]))


def _name(template_prefix: str) -> str:
    return template_prefix.removeprefix("account/email/")


def _post(name: str, to: str, **context: Any) -> None:
    subject = " ".join(render_to_string(f"mail/{name}_subject.txt", context).split())
    send.enqueue(to, subject, render_to_string(f"mail/{name}_body.txt", context))


def _confirmation(to: str, context: dict[str, Any]) -> None:
    confirm_address(to, username=context["user"].username, url=context["activate_url"])


_BY_ALLAUTH_NAME: dict[str, Callable[[str, dict[str, Any]], None]] = {
    "email_confirmation": _confirmation,
    "email_confirmation_signup": _confirmation,
    "password_reset_key": lambda to, context: reset_password(
        to, username=context["user"].username, url=context["password_reset_url"]
    ),
    "unknown_account": lambda to, context: unknown_account(to, signup_url=context["signup_url"]),
    "account_already_exists": lambda to, context: account_exists(to, reset_url=context["password_reset_url"]),
}

NOTICES = {
    "password_changed": gettext_lazy("Your password was changed."),
    "password_reset": gettext_lazy("Your password was set anew."),
    "password_set": gettext_lazy("A password was set for your account."),
    "email_changed": gettext_lazy("The e-mail address of your account was changed."),
    "email_confirm": gettext_lazy("The e-mail address of your account was confirmed."),
    "email_deleted": gettext_lazy("An e-mail address was removed from your account."),
}
