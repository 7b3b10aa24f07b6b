"""What recipients of organisers' mails change."""

from momentum.web.mail.models import Category, Recipient


def unsubscribe(reader: Recipient, category: Category) -> None:
    """No more mails of this category."""
    Recipient.objects.filter(pk=reader.pk).update(**{category.value: False})
