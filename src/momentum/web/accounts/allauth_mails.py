"""The mails that allauth asks for by template prefix, such as "account/email/password_reset_key"."""

from typing import Any, TypedDict
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from momentum.web.mail import messages

PREFIX = "account/email/"
NOTICES = {
    "password_changed": _("Your password was changed."),
    "password_reset": _("Your password was set anew."),
    "password_set": _("A password was set for your account."),
    "email_changed": _("The e-mail address of your account was changed."),
    "email_confirm": _("The e-mail address of your account was confirmed."),
    "email_deleted": _("An e-mail address was removed from your account."),
}


class Place(TypedDict):
    """Where links lead, and the language to write in."""

    site_url: str
    language: str


def post(template_prefix: str, to: str, context: dict[str, Any], place: Place) -> None:
    """Post the mail with what allauth put into `context`."""

    def link(name: str) -> str:
        return place["site_url"] + urlsplit(str(context[name])).path

    match template_prefix.removeprefix(PREFIX):
        case "email_confirmation" | "email_confirmation_signup":
            username = context["user"].username
            messages.confirm_address(to, **place, username=username, url=link("activate_url"))
        case "password_reset_key":
            username = context["user"].username
            messages.reset_password(to, **place, username=username, url=link("password_reset_url"))
        case "unknown_account":
            messages.unknown_account(to, **place, signup_url=link("signup_url"))
        case "account_already_exists":
            messages.account_exists(to, **place, reset_url=link("password_reset_url"))
        case unexpected:
            raise LookupError(f"allauth asks for the mail {unexpected}, which nobody has written")


def post_notice(template_prefix: str, to: str, username: str, place: Place) -> None:
    """Post the security notice that allauth means."""
    messages.security_notice(to, **place, username=username, what=NOTICES[template_prefix.removeprefix(PREFIX)])
