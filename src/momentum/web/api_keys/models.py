"""Keys, and how often somebody came with a wrong one."""

import uuid

from django.conf import settings
from django.db import models


class ApiKey(models.Model):
    """A key of an organiser. `prefix`: the token's first characters; `digest`: SHA-256 of all of it, in hexadecimal."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="api_keys")
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=9)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["owner", "-created_at"], name="api_key_of_owner")]
        constraints = [models.CheckConstraint(name="api_key_name", condition=~models.Q(name=""))]

    def __str__(self) -> str:
        return self.name


class KeyMiss(models.Model):
    """Calls from one address with keys that do not count, in one minute."""

    address = models.CharField(max_length=64)
    minute = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "minute"], name="key_miss_address_minute")]

    def __str__(self) -> str:
        return f"{self.count} at {self.minute}"
