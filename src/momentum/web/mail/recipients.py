"""Who gets organisers' mails, and what they want of them."""

from momentum.web.mail.compose import envelope_address
from momentum.web.mail.models import Category, Recipient


def recipient(address: str) -> Recipient:
    """The one of this address; made where nobody has written to it yet. Raises BadAddress."""
    return Recipient.objects.get_or_create(address=_key(address))[0]


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


def masked(reader: Recipient) -> str:
    """Enough of the address for its owner to know it by: "b…@example.org"."""
    local, _at, host = reader.address.rpartition("@")
    return f"{local[:1]}…@{host}"


def _key(address: str) -> str:
    return envelope_address(address).lower()
