"""What the worker does for mails."""

import smtplib
from datetime import timedelta

from django.core.mail import EmailMessage
from django.utils import timezone
from django_tasks import task

TRIES = 6
FIRST_PAUSE = timedelta(seconds=30)


@task()
def send(to: str, subject: str, body: str, tries: int = 1) -> None:
    """Send one mail of plain text. While the mail server is away, it is tried again after 30 s, 2 min, 8 min, ..."""
    try:
        EmailMessage(subject=subject, body=body, to=[to]).send()
    except (OSError, smtplib.SMTPException) as error:
        if tries >= TRIES or isinstance(error, smtplib.SMTPRecipientsRefused):
            raise
        pause = FIRST_PAUSE * 4 ** (tries - 1)
        send.using(run_after=timezone.now() + pause).enqueue(to, subject, body, tries + 1)
