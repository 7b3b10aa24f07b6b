"""What changes an account."""

import secrets

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessFailureLog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from momentum.game import names
from momentum.web.accounts import queries
from momentum.web.accounts.models import User


@transaction.atomic
def take_person_out(user: User) -> None:
    """Of an account only its id stays, under a name that says nothing: no address, no password, no session."""
    typed = [names.key(name) for name in (user.username, *queries.addresses_of(user))]
    for failures in (AccessAttempt, AccessFailureLog):
        failures.objects.filter(username__in=typed).delete()
    EmailAddress.objects.filter(user=user).delete()
    for session in UserSession.objects.filter(user=user):
        session.end()
    user.username = _("Former player %(number)s") % {"number": secrets.token_hex(5)}
    user.email = ""
    user.is_active = False
    user.deleted_at = timezone.now()
    user.last_login = None
    user.set_unusable_password()
    user.save()
