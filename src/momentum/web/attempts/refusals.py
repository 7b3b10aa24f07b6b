"""Why somebody may not take part, or not now."""

from django.utils.translation import gettext as _

from momentum.web.refusals import Refusal


class NotOpenYet(Refusal):
    error = "not_open_yet"

    def __str__(self) -> str:
        return _("The contest has not opened yet. Its page counts down to it.")


class Closed(Refusal):
    error = "closed"

    def __str__(self) -> str:
        return _("The contest has closed.")


class NoAttemptLeft(Refusal):
    error = "no_attempt_left"

    def __str__(self) -> str:
        return _("You have had all your attempts. Ask the organiser if you need another one.")


class AccountNeeded(Refusal):
    error = "account_needed"
    status = 403

    def __str__(self) -> str:
        return _("This contest is for people with an account. Sign in, then come back.")


class NotOnTheList(Refusal):
    error = "not_on_the_list"
    status = 403

    def __str__(self) -> str:
        return _("The organiser has a list of who takes part, and you are not on it. Ask to be added.")


class NotInvited(Refusal):
    error = "not_invited"
    status = 403

    def __str__(self) -> str:
        return _("Only people whom the organiser has invited take part. Come in by the link in your invitation.")


class OrganiserMayNotPlay(Refusal):
    error = "organiser"
    status = 403

    def __str__(self) -> str:
        return _("You set this contest up and know its answers, so you cannot take part in it.")


class NameMissing(Refusal):
    error = "name_missing"
    status = 422

    def __str__(self) -> str:
        return _("Say what you want to be called.")


class NotClosedYet(Refusal):
    error = "not_closed_yet"

    def __str__(self) -> str:
        return _("Answers and explanations are shown when the contest has closed.")
