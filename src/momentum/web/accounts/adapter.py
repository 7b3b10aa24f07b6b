"""How allauth acts on this site: its names, its mails, its logout."""

import secrets
from collections.abc import Iterable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context as core
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import get_language_from_request
from django.utils.translation import gettext_lazy as _

from momentum.game import names
from momentum.web import addresses, realtime_tasks, shown_names
from momentum.web.accounts import allauth_mails
from momentum.web.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    def clean_username(self, username: str, shallow: bool = False) -> str:
        """The name as it is shown; refused where it breaks the rules, could be an e-mail address or is taken."""
        try:
            shown = shown_names.clean(username)
        except names.NameRefused as refused:
            raise ValidationError(str(refused)) from refused
        if "@" in shown:
            raise ValidationError(_("A name cannot contain @, so that nobody takes it for an e-mail address."))
        if not shallow and User.objects.filter(name_key=names.key(shown)).exists():
            raise ValidationError(_("Somebody already has this name. Choose another one."))
        cleaned: str = super().clean_username(shown, shallow)
        return cleaned

    def get_client_ip(self, request: HttpRequest) -> str:
        return addresses.client_network(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        allauth_mails.post(template_prefix, email, context, self._place())

    def send_account_already_exists_mail(self, email: str) -> None:
        """Instead of making an account: takes as long, so that nobody learns by the clock whether there was one."""
        make_password(secrets.token_urlsafe())
        super().send_account_already_exists_mail(email)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        if to := email or EmailAddress.objects.get_primary_email(user):
            allauth_mails.post_notice(template_prefix, to, user.get_username(), self._place())

    def _place(self) -> allauth_mails.Place:
        """Where the person is, and what their browser reads."""
        request = core.request
        return {"site_url": addresses.site_url(request), "language": get_language_from_request(request)}

    def logout(self, request: HttpRequest) -> None:
        """Ends the session, and with it the person's open game sockets."""
        user_id = str(request.user.pk) if request.user.is_authenticated else None
        super().logout(request)
        if user_id:
            realtime_tasks.revoke.call(user_id)


class SessionsAdapter(DefaultUserSessionsAdapter):
    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        """Ends them, and with them the open game sockets of whoever they belong to; this browser's come back."""
        ended = list(sessions)
        super().end_sessions(ended)
        for user_id in {str(session.user_id) for session in ended}:
            realtime_tasks.revoke.call(user_id)
