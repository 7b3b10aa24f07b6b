"""The languages that mails are written in."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from momentum.web.mail.models import Recipient


def supported(code: str) -> str:
    """The one to write in for readers of this language: "de-AT" -> "de"; English where we have none."""
    try:
        return translation.get_supported_language_variant(code)
    except LookupError:
        return str(settings.LANGUAGE_CODE)


def of_mail(reader: Recipient | None, suggested: str = "") -> str:
    """The reader's own choice, else what is suggested."""
    return supported((reader and reader.language) or suggested)


def of_page(request: HttpRequest, reader: Recipient) -> str:
    """The reader's own choice, else that of the browser."""
    return supported(reader.language or translation.get_language_from_request(request))
