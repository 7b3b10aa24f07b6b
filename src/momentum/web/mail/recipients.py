"""Who gets organisers' mails, and what they want of them."""

from datetime import timedelta

from django.utils import timezone

from momentum.web.mail.compose import envelope_address
from momentum.web.mail.models import Category, Recipient

MAILED_AT_IS_NOTED_EVERY = timedelta(days=1)
KEPT = timedelta(days=90)
WANTS_ALL = {category.value: True for category in Category}


def recipient(address: str) -> Recipient:
    """The one of this address, who gets a mail now; made where nobody has written to it yet. Raises BadAddress."""
    found, _made = Recipient.objects.get_or_create(address=_key(address))
    now = timezone.now()
    if found.mailed_at < now - MAILED_AT_IS_NOTED_EVERY:
        Recipient.objects.filter(pk=found.pk).update(mailed_at=now)
    return found


def known(address: str) -> Recipient | None:
    """The one of this address, if somebody has written to it. Raises BadAddress."""
    return Recipient.objects.filter(address=_key(address)).first()


def wants(address: str, category: Category) -> bool:
    """Whether mails of this category may go there: so, until somebody says no. Raises BadAddress."""
    return not Recipient.objects.filter(address=_key(address), **{category.value: False}).exists()


def unwilling(addresses: list[str], category: Category) -> set[str]:
    """Those of these addresses that mails of this category may not go to. Raises BadAddress."""
    by_key = {_key(address): address for address in addresses}
    refused = Recipient.objects.filter(address__in=by_key, **{category.value: False})
    keys = set(refused.values_list("address", flat=True))
    return {address for address in addresses if _key(address) in keys}


def of_token(token: str) -> Recipient | None:
    return Recipient.objects.filter(token=token).first()


def forget_old() -> int:
    """Delete those who have chosen nothing and got no mail for KEPT: nothing is lost but the address. Returns how many.

    Whoever has chosen something stays, or mails would go there again.
    """
    silent = Recipient.objects.filter(mailed_at__lt=timezone.now() - KEPT, language="", **WANTS_ALL)
    return silent.delete()[0]


def forget_undecided(addresses: list[str]) -> None:
    """Delete those of these addresses that may get every mail: a refusal has to be remembered to be kept."""
    Recipient.objects.filter(address__in=addresses, **WANTS_ALL).delete()


def masked(reader: Recipient) -> str:
    """Enough of the address for its owner to know it by: "b…@example.org"."""
    local, _at, host = reader.address.rpartition("@")
    return f"{local[:1]}…@{host}"


def _key(address: str) -> str:
    return envelope_address(address).lower()
