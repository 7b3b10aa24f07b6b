"""Who has an account."""

import uuid
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from momentum.game import names


class User(AbstractUser):
    """An account. `username` is the name that others see; `name_key` says when two names are the same.

    `email` is what was given: somebody else may have given the same. An address is one account's alone once it is
    confirmed, which allauth's table of addresses sees to.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(_("name"), max_length=names.MAX_BYTES)
    name_key = models.CharField(max_length=4 * names.MAX_BYTES, unique=True, editable=False)
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["username"], name="user_username_unique"),
            models.CheckConstraint(
                name="user_deleted_is_inactive",
                condition=models.Q(deleted_at=None) | models.Q(is_active=False, email=""),
            ),
        ]

    def __str__(self) -> str:
        return self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = names.key(self.username)
        super().save(*args, **kwargs)
