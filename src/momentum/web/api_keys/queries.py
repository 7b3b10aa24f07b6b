"""What may be known of keys. Only the owner's: everybody else's are not there."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from momentum.web.accounts.models import User
from momentum.web.api_keys import tokens
from momentum.web.api_keys.models import ApiKey
from momentum.web.api_keys.scopes import Scope


@dataclass(frozen=True)
class KeyCard:
    """A key as its owner sees it. `state`: active, expired or revoked."""

    id: UUID
    name: str
    prefix: str
    scopes: tuple[str, ...]
    state: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


def key_of(token: str) -> ApiKey | None:
    """The key that this token is, while it counts."""
    if not tokens.is_key(token):
        return None
    key = ApiKey.objects.select_related("owner").filter(digest=tokens.digest(token), owner__is_active=True).first()
    return key if key and state(key) == "active" else None


def own_key(owner: User, key_id: UUID) -> ApiKey | None:
    return ApiKey.objects.filter(owner=owner, pk=key_id).first()


def cards_of(owner: User) -> list[KeyCard]:
    """All keys of an organiser: those that count first, newest first."""
    cards = [card(key) for key in ApiKey.objects.filter(owner=owner).order_by("-created_at", "pk")]
    return sorted(cards, key=lambda one: one.state != "active")


def card(key: ApiKey) -> KeyCard:
    return KeyCard(
        id=key.pk,
        name=key.name,
        prefix=key.prefix,
        scopes=tuple(key.scopes),
        state=state(key),
        created_at=key.created_at,
        expires_at=key.expires_at,
        last_used_at=key.last_used_at,
        revoked_at=key.revoked_at,
    )


def state(key: ApiKey) -> str:
    if key.revoked_at:
        return "revoked"
    return "expired" if key.expires_at and key.expires_at <= timezone.now() else "active"


def allows(key: ApiKey, scope: Scope) -> bool:
    return scope.value in key.scopes
