"""Read-only links: made, found, taken back."""

import hashlib
import secrets
from uuid import UUID

from django.utils import timezone

from momentum.web.contests.models import Contest
from momentum.web.results.models import ShareLink

TOKEN_BYTES = 32


def make_link(source_id: UUID, contest: Contest) -> tuple[ShareLink, str]:
    """A new link and its token, which is nowhere to be had again; the link before it leads nowhere any more."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    fresh = {"contest": contest, "token_hash": _hash(token), "created_at": timezone.now()}
    return ShareLink.objects.update_or_create(source_id=source_id, defaults=fresh)[0], token


def revoke_link(source_id: UUID) -> bool:
    """Whether there was one."""
    return ShareLink.objects.filter(source_id=source_id).delete()[0] > 0


def link_of(source_id: UUID) -> ShareLink | None:
    return ShareLink.objects.filter(source_id=source_id).first()


def source_of(token: str) -> UUID | None:
    """What a token lets its bearer read."""
    return ShareLink.objects.filter(token_hash=_hash(token)).values_list("source_id", flat=True).first()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
