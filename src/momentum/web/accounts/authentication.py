"""Who logs in with what."""

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from momentum.web.accounts.models import User


class ConfirmedAddresses(ModelBackend):
    """An address logs in to the account that has confirmed it. Names are left to the backend behind this one.

    An unconfirmed address is anybody's claim: whether it works would tell of other accounts. And each address takes
    one look at one password, so that the clock does not tell either.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        email: str | None = None,
        **credentials: Any,
    ) -> User | None:
        """None for a name. Raises PermissionDenied for an address that is nobody's, or with a wrong password."""
        typed = username or email or ""
        if "@" not in typed or password is None:
            return None
        address = EmailAddress.objects.filter(email=typed.lower(), verified=True).select_related("user").first()
        if address is None:
            make_password(password)
            raise PermissionDenied
        user: User = address.user
        if not user.check_password(password) or not self.user_can_authenticate(user):
            raise PermissionDenied
        return user
