"""What the worker does for mails."""

from django.core.mail import EmailMessage
from django_tasks import task


@task()
def send(to: str, subject: str, body: str) -> None:
    """Send one mail of plain text."""
    EmailMessage(subject=subject, body=body, to=[to]).send()
