"""What changes the outbox: mails go in, one at a time is claimed, its outcome is noted.

A mail goes in within the transaction that causes it: a rollback takes it along. Several workers may send side by side;
a claim is one conditional UPDATE, which only one of them can win. A worker that dies leaves its mail to its
successor, or to all others when the lease is over, with the same Message-ID.
"""

import logging
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from momentum.web.accounts.models import User
from momentum.web.mail import compose, pace
from momentum.web.mail.models import Mail, Priority

LEASE = timedelta(minutes=4)
TRIED_FOR = timedelta(days=1)
KEPT = timedelta(days=7)
MOST_UNFINISHED = 3
LOOKED_AT = 8
log = logging.getLogger(__name__)


def post(
    kind: str,
    to: str,
    subject: str,
    text: str,
    *,
    html: str = "",
    headers: Mapping[str, str] | None = None,
    calendar: compose.CalendarPart | None = None,
    priority: Priority = Priority.ACCOUNT,
    asked_by: User | None = None,
    kept_until: datetime | None = None,
) -> Mail:
    """Put a mail into the outbox. Raises BadAddress. Who wants to know what becomes of it keeps the Mail's id, and says
    until when the row must be there; without that it goes a week after its end."""
    mail_id, now, sender = uuid.uuid4(), timezone.now(), settings.MOMENTUM.email_from
    message_id = compose.message_id(mail_id, sender)
    message = compose.compose(
        to=to, sender=sender, subject=subject, text=text, message_id=message_id, at=now, html=html, headers=headers,
        calendar=calendar,
    )  # fmt: skip
    return Mail.objects.create(
        id=mail_id,
        kind=kind,
        priority=priority,
        asked_by=asked_by,
        to=compose.envelope_address(to),
        message_id=message_id,
        message=message,
        created_at=now,
        due_at=now,
        give_up_at=now + TRIED_FOR,
        kept_until=kept_until,
    )


def claim_next(priorities: tuple[Priority, ...], worker_id: str) -> tuple[Mail, datetime] | None:
    """Take the next mail that is due, and the moment at which it may go; None where nothing is due or may go today.

    A mail that nobody could finish MOST_UNFINISHED times is set aside instead.
    """
    due = Mail.objects.filter(status=Mail.Status.QUEUED, due_at__lte=timezone.now(), priority__in=priorities)
    for mail in due.order_by("priority", "due_at")[:LOOKED_AT]:
        if mail.unfinished >= MOST_UNFINISHED:
            set_aside(mail, f"{mail.unfinished} workers ended while they sent it")
        elif not pace.allows_today(Priority(mail.priority)):
            continue
        elif at := _claim(mail, worker_id):
            return mail, at
    return None


def take_back(worker_id: str) -> int:
    """Let the mails that this worker, which has ended, left under way be sent at once. Returns how many."""
    left = Mail.objects.filter(status=Mail.Status.QUEUED, claimed_by=worker_id, unfinished__gt=0)
    return left.update(due_at=timezone.now())


def note_sent(mail: Mail, words: str) -> None:
    _finish(mail, Mail.Status.SENT, words)


def note_failed(mail: Mail, words: str) -> None:
    """Nothing more is tried: the words are for whoever asked."""
    _finish(mail, Mail.Status.FAILED, words)


def put_back(mail: Mail, words: str, pause: timedelta) -> None:
    """Try again after the pause; past its time the mail has failed."""
    due_at = timezone.now() + pause
    if due_at >= mail.give_up_at:
        note_failed(mail, words)
    else:
        _note(mail, due_at=due_at, answer=words[:500])


def set_aside(mail: Mail, why: str) -> None:
    """A mail that breaks whoever touches it: kept for the operator, and no longer in the way."""
    log.error("mail %s (%s) is set aside: %s", mail.pk, mail.kind, why)
    _note(mail, status=Mail.Status.SET_ASIDE, finished_at=timezone.now(), answer=why[:500])


def queue_again(mail: Mail) -> None:
    """Give a mail that was set aside another day."""
    now = timezone.now()
    Mail.objects.filter(pk=mail.pk, status=Mail.Status.SET_ASIDE).update(
        status=Mail.Status.QUEUED, finished_at=None, unfinished=0, due_at=now, give_up_at=now + TRIED_FOR
    )


def withdraw(mail_id: uuid.UUID) -> bool:
    """Take a mail out that nobody has begun to send; whether it was still there."""
    return Mail.objects.filter(pk=mail_id, status=Mail.Status.QUEUED, unfinished=0).delete()[0] > 0


def forget_old() -> int:
    """Delete what became of mails of long ago, unless it is still shown to somebody. Returns how many."""
    now = timezone.now()
    old = Mail.objects.filter(finished_at__lt=now - KEPT)
    return old.exclude(kept_until__gte=now).delete()[0]


@transaction.atomic
def _claim(mail: Mail, worker_id: str) -> datetime | None:
    """The moment at which the mail may go; None where another worker has it."""
    changes = {"attempts": mail.attempts + 1, "unfinished": mail.unfinished + 1}
    unchanged = Mail.objects.filter(pk=mail.pk, status=Mail.Status.QUEUED, attempts=mail.attempts, due_at=mail.due_at)
    if not unchanged.update(due_at=timezone.now() + LEASE, claimed_by=worker_id, **changes):
        return None
    mail.attempts, mail.unfinished = changes["attempts"], changes["unfinished"]
    return pace.next_slot()


def _finish(mail: Mail, status: Mail.Status, words: str) -> None:
    """The message goes with its end: links that let people in stand in it."""
    _note(mail, status=status, finished_at=timezone.now(), answer=words[:500], message="")


def _note(mail: Mail, **fields: Any) -> None:
    """Write an outcome, unless a later attempt has begun meanwhile."""
    Mail.objects.filter(pk=mail.pk, status=Mail.Status.QUEUED, attempts=mail.attempts).update(
        **{"unfinished": 0, **fields}
    )
