"""The life of a contest, as a table. Whether a game of it is open right now is no status: its PIN tells."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    READY = "ready", _("Ready")
    PLAYED = "played", _("Played")


TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.READY, Status.PLAYED}),
    Status.READY: frozenset({Status.DRAFT, Status.PLAYED}),
    Status.PLAYED: frozenset({Status.PLAYED}),
}
