"""What changes keys."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from momentum.web import realtime_tasks
from momentum.web.accounts.models import User
from momentum.web.api_keys import tokens
from momentum.web.api_keys.models import ApiKey
from momentum.web.api_keys.scopes import Scope, in_order
from momentum.web.refusals import Refusal

MOST = 50
USE_NOTED_EVERY = timedelta(minutes=1)
KEPT = timedelta(days=90)


class TooManyKeys(Refusal):
    error = "too_many_keys"

    def __str__(self) -> str:
        return _("You have %(most)d keys. Revoke one that you do not need, then make this one.") % {"most": MOST}


@transaction.atomic
def create_key(owner: User, name: str, scopes: Iterable[str], expires_at: datetime | None = None) -> tuple[ApiKey, str]:
    """A new key, and its token, which nobody can tell again. Raises TooManyKeys."""
    User.objects.select_for_update().get(pk=owner.pk)
    if ApiKey.objects.filter(owner=owner, revoked_at=None).count() >= MOST:
        raise TooManyKeys
    token = tokens.mint()
    key = ApiKey.objects.create(
        owner=owner,
        name=name,
        prefix=token[: tokens.SHOWN],
        digest=tokens.digest(token),
        scopes=in_order(scopes),
        expires_at=expires_at,
    )
    return key, token


def revoke_key(key: ApiKey) -> None:
    """The key opens nothing from now on. Sockets that may have been opened with it are closed; browsers come back."""
    with transaction.atomic():
        if not ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now()):
            return
        if Scope.GAMES_WRITE in key.scopes:
            realtime_tasks.revoke.enqueue(str(key.owner_id))


def note_use(key: ApiKey) -> None:
    """Remember that the key was used; written once a minute at most."""
    now = timezone.now()
    unnoted = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_NOTED_EVERY)
    if key.last_used_at is None or key.last_used_at < now - USE_NOTED_EVERY:
        ApiKey.objects.filter(unnoted, pk=key.pk).update(last_used_at=now)


def forget_old_keys() -> int:
    """Delete keys that have opened nothing for KEPT. Returns how many."""
    before = timezone.now() - KEPT
    return ApiKey.objects.filter(Q(revoked_at__lt=before) | Q(expires_at__lt=before)).delete()[0]
