"""Why nobody is invited, or nobody let in."""

from django.utils.translation import gettext as _

from momentum.web.invitations.models import LONGEST_MESSAGE
from momentum.web.refusals import Refusal


class NotInvitable(Refusal):
    error = "not_invitable"

    def __str__(self) -> str:
        return _("Nobody can take part in this contest now, so nobody can be invited: give it dates that are to come.")


class TooManyAddresses(Refusal):
    error = "too_many_addresses"
    status = 422

    def __str__(self) -> str:
        return _("These are more than %(most)d addresses. Send them in several parts.") % {"most": self.args[0]}


class MessageTooLong(Refusal):
    error = "message_too_long"
    status = 422

    def __str__(self) -> str:
        return _("The message has more than %(most)d characters. Make it shorter.") % {"most": LONGEST_MESSAGE}


class NotAgain(Refusal):
    """`str()`: why this invitation is not sent again now."""

    error = "not_again"


class SeatTaken(Refusal):
    error = "seat_taken"

    def __str__(self) -> str:
        return _("Somebody has used this invitation already. Open its link again to see who may go on.")


class AlreadyAccepted(Refusal):
    error = "already_accepted"

    def __str__(self) -> str:
        return _("This invitation has been accepted already.")
