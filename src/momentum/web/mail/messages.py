"""The mails about accounts, one function each; `site_url` is the address of this site, `language` the one that the
account's browser asks for, which counts where the reader has never chosen one.

Each mail goes into the outbox in the transaction that causes it: a rollback takes it along.
"""

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from momentum.web.mail import design, languages, outbox, recipients
from momentum.web.mail.content import Content, Fact, Link, one_line
from momentum.web.mail.moments import written_out


def confirm_address(to: str, *, site_url: str, username: str, url: str, language: str = "") -> None:
    with _language(to, language):
        content = Content(
            subject=_("Confirm your address for Momentum"),
            heading=_("Confirm your address"),
            greeting=_hello(username),
            paragraphs=(_("Please confirm that this address is yours."),),
            action=Link(_("Confirm this address"), url),
            closing=(
                _("If you did not sign up at %(site)s, do nothing: without the link nothing happens.")
                % {"site": site_url},
            ),
        )
        _post("confirm_address", to, content)


def reset_password(to: str, *, site_url: str, username: str, url: str, language: str = "") -> None:
    with _language(to, language):
        content = Content(
            subject=_("Choose a new password for Momentum"),
            heading=_("Choose a new password"),
            greeting=_hello(username),
            paragraphs=(
                _("Somebody, most likely you, asked for a new password at %(site)s.") % {"site": site_url},
            ),
            action=Link(_("Choose a new password"), url),
            closing=(_("If it was not you, do nothing: your password stays as it is."),),
        )  # fmt: skip
        _post("reset_password", to, content)


def unknown_account(to: str, *, site_url: str, signup_url: str, language: str = "") -> None:
    """Somebody asked to reset a password for an address that nobody has here."""
    with _language(to, language):
        asked = _("Somebody, most likely you, asked for a new password at %(site)s. No account there has this address.")
        content = Content(
            subject=_("No Momentum account has this address"),
            heading=_("No account has this address"),
            greeting=_("Hello,"),
            paragraphs=(
                asked % {"site": site_url},
                _("Perhaps you signed up with another one. If you have no account yet, you can make one."),
            ),
            action=Link(_("Sign up"), signup_url),
            closing=(_("If it was not you, do nothing."),),
        )
        _post("unknown_account", to, content)


def account_exists(to: str, *, site_url: str, reset_url: str, language: str = "") -> None:
    """Somebody signed up with an address that has an account."""
    with _language(to, language):
        content = Content(
            subject=_("You already have a Momentum account"),
            heading=_("You already have an account"),
            greeting=_("Hello,"),
            paragraphs=(
                _("Somebody, most likely you, signed up at %(site)s with this address. It has an account already.")
                % {"site": site_url},
                _("Log in with it. If you forgot the password, choose a new one."),
            ),
            action=Link(_("Choose a new password"), reset_url),
            closing=(_("If it was not you, do nothing: no second account was made."),),
        )
        _post("account_exists", to, content)


def security_notice(to: str, *, site_url: str, username: str, what: object, language: str = "") -> None:
    """`what`: one sentence, lazily translated."""
    with _language(to, language):
        content = Content(
            subject=_("A change to your Momentum account"),
            heading=str(what),
            greeting=_hello(username),
            paragraphs=(_("This happened to your account at %(site)s.") % {"site": site_url},),
            facts=(Fact(_("When"), written_out(timezone.now(), "UTC")),),
            closing=(
                _("If that was you, there is nothing to do."),
                _("If not, choose a new password now, and end all other sessions on your account page."),
            ),
        )
        _post("security_notice", to, content)


def _language(to: str, suggested: str) -> translation.override:
    return translation.override(languages.of_mail(recipients.known(to), suggested))


def _hello(username: str) -> str:
    return _("Hello %(name)s,") % {"name": one_line(username)}


def _post(kind: str, to: str, content: Content) -> None:
    outbox.post(kind, to, content.subject, design.text(content), html=design.html(content))
