"""Who is calling: an account by its session cookie, X-Session-Token or an API key, or a guest by the guest cookie.

Cookies come by themselves with whatever another site makes a browser send, so with cookies a CSRF token is due.
An API key speaks alone: whoever sends one is nobody else, and may do what its scopes allow. Each call names its scope.
"""

from collections.abc import Sequence
from typing import Final

from allauth.headless.contrib.ninja.security import x_session_token_auth
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from momentum.web.accounts.models import User
from momentum.web.api_keys import actions, misses, queries
from momentum.web.api_keys.scopes import Scope
from momentum.web.play import people
from momentum.web.play.people import Person
from momentum.web.refusals import Refusal

NOT_FOR_KEYS: Final = None


class CsrfMissing(Refusal):
    error = "csrf"
    status = 403

    def __str__(self) -> str:
        return _("Send the value of the csrftoken cookie in the header X-CSRFToken.")


class ScopeMissing(Refusal):
    error = "scope_missing"
    status = 403

    def __str__(self) -> str:
        return _("This key lacks the scope %(scope)s. Make one that has it, in your account.") % {"scope": self.args[0]}


class KeysRefused(Refusal):
    error = "not_for_keys"
    status = 403

    def __str__(self) -> str:
        return _("No API key opens this. Log in and send X-Session-Token instead.")


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


class ApiKey(HttpBearer):
    """Lets keys of this scope in; the call gets the User whose key it is."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        return key_owner(request, token, self.scope)


class NoKey:
    """Says to whoever comes with a key that this call is not for keys."""

    def __call__(self, request: HttpRequest) -> None:
        refuse_keys(request)


def accounts(scope: Scope | None) -> Sequence[AuthBase | NoKey]:
    """For a call of accounts, and of keys with this scope; NOT_FOR_KEYS: of no key."""
    return (Account(), ApiKey(scope) if scope else NoKey())


def people_and_keys(scope: Scope | None) -> Sequence[AuthBase | NoKey]:
    """For a call of accounts, guests, and keys with this scope; NOT_FOR_KEYS: of no key."""
    return (AccountOrGuest(), ApiKey(scope) if scope else NoKey())


def key_owner(request: HttpRequest, token: str, scope: Scope) -> User | None:
    """Whose key this is. Raises ScopeMissing, TooManyMisses."""
    key = queries.key_of(token)
    if key is None:
        misses.count(request)
        return None
    if not queries.allows(key, scope):
        raise ScopeMissing(scope.value)
    actions.note_use(key)
    return key.owner


def refuse_keys(request: HttpRequest) -> None:
    """Raises KeysRefused where the caller sends a key, whatever key it is."""
    if shows_key(request):
        raise KeysRefused


def shows_key(request: HttpRequest) -> bool:
    """Whether the caller wants to be known by an API key. (Basic belongs to a proxy that asks for a password.)"""
    return request.headers.get("Authorization", "").lower().startswith("bearer ")


def account(request: HttpRequest) -> User | None:
    """The account that is calling without a key. Raises CsrfMissing."""
    if shows_key(request):
        return None
    if "X-Session-Token" in request.headers:
        user = x_session_token_auth(request)
        return user if isinstance(user, User) and user.is_active else None
    if not isinstance(request.user, User):
        return None
    demand_csrf_token(request)
    return request.user


def person(request: HttpRequest) -> Person | None:
    """The account or the guest that is calling without a key. Raises CsrfMissing."""
    if user := account(request):
        return people.of_account(user)
    speaks_for_itself = shows_key(request) or "X-Session-Token" in request.headers
    if speaks_for_itself or (who := people.guest(request)) is None:
        return None
    demand_csrf_token(request)
    return who


def caller_account(request: HttpRequest) -> User:
    """Whom a call of accounts has let in."""
    user = request.auth  # type: ignore[attr-defined]
    assert isinstance(user, User)
    return user


def caller(request: HttpRequest) -> Person:
    """Whom a call of accounts and guests has let in, with or without a key."""
    who = request.auth  # type: ignore[attr-defined]
    if isinstance(who, User):
        return people.of_account(who)
    assert isinstance(who, Person)
    return who


def demand_csrf_token(request: HttpRequest) -> None:
    """Raises CsrfMissing, unless the request is safe or has the token."""
    if check_csrf(request):
        raise CsrfMissing
