"""What may be asked about accounts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.account.utils import has_verified_email
from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.translation import gettext as _

from momentum.web.accounts.models import User


class LoginLimited(Exception):
    """Too many failed logins for this account or from this address; a right password does not help until later."""


class AddressUnverified(Exception):
    """The password is right, but this site lets nobody in whose e-mail address is not confirmed."""


def check_credentials(username: str, password: str, address: str) -> User | None:
    """The account of a name or e-mail address and its password, None where they do not fit.

    Raises LoginLimited, AddressUnverified. The same attempts and limits as the site's own login, for callers that have
    no request. `address`: the caller's IP.
    """
    request = HttpRequest()
    request.method = "POST"
    request.META = {"REMOTE_ADDR": address, "PATH_INFO": "/login", "HTTP_USER_AGENT": ""}
    username = username.replace("\0", "\N{REPLACEMENT CHARACTER}")  # PostgreSQL would refuse the question itself
    user = authenticate(request, username=username, password=password)
    if getattr(request, "axes_locked_out", False):
        raise LoginLimited
    if not isinstance(user, User):
        return None
    if settings.ACCOUNT_EMAIL_VERIFICATION == "mandatory" and not has_verified_email(user):
        raise AddressUnverified
    return user


@dataclass(frozen=True)
class AccountPage:
    username: str
    email: str
    email_verified: bool
    joined_at: datetime


def account_page(user: User) -> AccountPage:
    verified = EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists()
    return AccountPage(user.username, user.email, verified, user.date_joined)


def addresses_of(user: User) -> list[str]:
    """The addresses of an account, confirmed or not, in small letters as they are kept."""
    known = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return sorted({*known, user.email.lower()} - {""})


def names(user_ids: list[str]) -> dict[str, str]:
    """The names to show for these accounts. Who deleted the account has none any more."""
    users = User.objects.filter(pk__in=[UUID(one) for one in user_ids])
    return {str(user.pk): _("Former player") if user.deleted_at else user.username for user in users}


def deleted_ids(user_ids: list[str]) -> set[str]:
    """Which of these ids are accounts that were deleted."""
    uuids = [user_id for user_id in user_ids if not user_id.startswith("guest_")]
    gone = User.objects.filter(pk__in=[UUID(one) for one in uuids], deleted_at__isnull=False)
    return {str(pk) for pk in gone.values_list("pk", flat=True)}
