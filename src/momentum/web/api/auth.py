"""Who is calling: an account by its session cookie or X-Session-Token, or a guest by the guest cookie.

Cookies come by themselves with whatever another site makes a browser send, so with cookies a CSRF token is due.
"""

from allauth.headless.contrib.ninja.security import x_session_token_auth
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from momentum.web.accounts.models import User
from momentum.web.play import people
from momentum.web.play.people import Person
from momentum.web.refusals import Refusal


class CsrfMissing(Refusal):
    error = "csrf"
    status = 403

    def __str__(self) -> str:
        return _("Send the value of the csrftoken cookie in the header X-CSRFToken.")


class Account(AuthBase):
    """Lets accounts in; the call gets the User."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = settings.SESSION_COOKIE_NAME
    csrf = True  # tells the documentation page to send the token when it tries a call

    def __call__(self, request: HttpRequest) -> User | None:
        return account(request)


class AccountOrGuest(AuthBase):
    """Lets accounts and guests in; the call gets the Person."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = people.COOKIE

    def __call__(self, request: HttpRequest) -> Person | None:
        return person(request)


def account(request: HttpRequest) -> User | None:
    """The account that is calling. Raises CsrfMissing."""
    if "X-Session-Token" in request.headers:
        user = x_session_token_auth(request)
        return user if isinstance(user, User) and user.is_active else None
    if not isinstance(request.user, User):
        return None
    demand_csrf_token(request)
    return request.user


def person(request: HttpRequest) -> Person | None:
    """The account or the guest that is calling. Raises CsrfMissing."""
    if user := account(request):
        return people.of_account(user)
    if "X-Session-Token" in request.headers or (who := people.guest(request)) is None:
        return None
    demand_csrf_token(request)
    return who


def demand_csrf_token(request: HttpRequest) -> None:
    """Raises CsrfMissing, unless the request is safe or has the token."""
    if check_csrf(request):
        raise CsrfMissing
