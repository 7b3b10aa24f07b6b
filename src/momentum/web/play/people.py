"""Who is asking: somebody with an account, or a guest whose signed cookie is the seat's key."""

import re
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from momentum.web.accounts.models import User

COOKIE = "momentum_guest"
SALT = "momentum.web.play.guest"
KEPT_S = 180 * 24 * 60 * 60
GUEST_ID = re.compile(r"guest_[0-9a-f]{32}")


@dataclass(frozen=True)
class Person:
    """`user_id` is the id on every wire: the account's, or the guest's own."""

    user_id: str
    username: str
    is_guest: bool


def person(request: HttpRequest) -> Person | None:
    """The account that is signed in, else the guest of the cookie, else nobody."""
    if isinstance(request.user, User):
        return of_account(request.user)
    return guest(request)


def of_account(user: User) -> Person:
    return Person(str(user.pk), user.username, is_guest=False)


def guest(request: HttpRequest) -> Person | None:
    """The guest that this browser has been, if any."""
    try:
        value = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT_S)
    except signing.BadSignature:
        return None
    return Person(value["id"], value["name"], is_guest=True)


def guest_named(request: HttpRequest, name: str) -> Person:
    """The guest of this browser under `name`: the same id as ever, so that the seat is regained, else a new one."""
    known = guest(request)
    return Person(known.user_id, name, is_guest=True) if known else new_guest(name)


def new_guest(name: str) -> Person:
    """A guest who has never been here."""
    return Person(f"guest_{secrets.token_hex(16)}", name, is_guest=True)


def is_guest_id(user_id: str) -> bool:
    return GUEST_ID.fullmatch(user_id) is not None


def remember(response: HttpResponseBase, who: Person) -> None:
    """Give a guest's browser the cookie."""
    response.set_cookie(
        COOKIE,
        signing.dumps({"id": who.user_id, "name": who.username}, salt=SALT),
        max_age=KEPT_S,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
