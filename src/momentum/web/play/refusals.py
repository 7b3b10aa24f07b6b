"""Why the API opens no game, gives no ticket or lets nobody join."""

from django.utils.translation import gettext as _

from momentum.web.refusals import Refusal


class MayNotJoin(Refusal):
    error = "may_not_join"
    status = 403

    def __str__(self) -> str:
        return _("You may not join this game. Ask its host for the PIN, or sign in if it is for accounts only.")


class AccountNeeded(Refusal):
    error = "account_needed"
    status = 403

    def __str__(self) -> str:
        return _("This game is for people with an account. Sign in, then enter the PIN again.")


class UnknownPin(Refusal):
    error = "unknown_pin"
    status = 404

    def __str__(self) -> str:
        return _("No open game has this PIN. Look at it again, or ask the host.")


class NameNotUsable(Refusal):
    error = "name_refused"
    status = 422


class SettingsDiffer(Refusal):
    error = "settings_differ"

    def __str__(self) -> str:
        return _(
            "The contest is set up otherwise. Change it with PATCH /api/contests/{id}, or leave the settings out here."
        )


class SettingsMissing(Refusal):
    error = "settings_missing"
    status = 422

    def __str__(self) -> str:
        return _("Send contestId, or difficulty and questionCount.")
