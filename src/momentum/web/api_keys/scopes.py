"""What a key can be allowed. Changing the account itself, or making keys, is no scope: no key can."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """The label says what a key of this scope may do."""

    CONTESTS_READ = "contests:read", _("Read your contests, with the PINs of open games.")
    CONTESTS_WRITE = "contests:write", _("Make, change and delete contests of yours.")
    INVITATIONS_READ = "invitations:read", _("Read who is invited to your contests, with their addresses.")
    INVITATIONS_WRITE = "invitations:write", _("Invite people to your contests by mail, and take that back.")
    GAMES_WRITE = "games:write", _("Open games of your contests and host them.")
    RESULTS_READ = "results:read", _("Read results of your contests, with the players' names.")
    EMAIL_SEND = "email:send", _("Send mails in your name, in Momentum's templates.")


def in_order(scopes: Iterable[str]) -> list[str]:
    """Each of these scopes once, in the order of the enumeration."""
    return [scope.value for scope in Scope if scope.value in set(scopes)]
