"""What changes an account."""

import secrets

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from momentum.web import realtime_tasks
from momentum.web.accounts.models import User


def delete_account(user: User) -> None:
    """Take the person out: name, e-mail address, password and sessions. The id stays, and with it the points."""
    with transaction.atomic():
        EmailAddress.objects.filter(user=user).delete()
        for session in UserSession.objects.filter(user=user):
            session.end()
        user.username = _("Former player %(number)s") % {"number": secrets.token_hex(5)}
        user.email = ""
        user.is_active = False
        user.deleted_at = timezone.now()
        user.set_unusable_password()
        user.save()
    realtime_tasks.revoke.call(str(user.pk))
