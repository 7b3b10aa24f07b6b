"""Read-only links to results."""

from django.db import models
from django.utils import timezone

from momentum.web.contests.models import Contest


class ShareLink(models.Model):
    """Who has the token may read the results of `source_id` (a game, or a contest played alone) until it is revoked.

    `token_hash`: SHA-256 of the token, in hex. The token itself is kept nowhere.
    """

    source_id = models.UUIDField(unique=True)
    contest = models.ForeignKey(Contest, models.CASCADE, related_name="share_links")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.source_id} since {self.created_at}"
