"""Which of many addresses a mail may go to. Never tells whether somebody has an account."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from momentum.web.mail import recipients
from momentum.web.mail.compose import BadAddress, envelope_address
from momentum.web.mail.models import Category


class Verdict(StrEnum):
    OK = "ok"
    DUPLICATE = "duplicate"
    MALFORMED = "malformed"
    UNSUBSCRIBED = "unsubscribed"


@dataclass(frozen=True)
class Judged:
    """`message`: why not; empty where the verdict is OK."""

    address: str
    verdict: Verdict
    message: str = ""


def judge(addresses: Sequence[str], category: Category) -> list[Judged]:
    """One verdict for each, in their order."""
    well_formed = {address for address in addresses if _is_address(address)}
    unwilling = recipients.unwilling(list(well_formed), category)
    seen: set[str] = set()
    judged = []
    for address in addresses:
        judged.append(_judge(address, well_formed, unwilling, seen))
        seen.add(address.lower())
    return judged


def _judge(address: str, well_formed: set[str], unwilling: set[str], seen: set[str]) -> Judged:
    if address not in well_formed:
        return Judged(address, Verdict.MALFORMED, _("Write one address, such as ada@example.org."))
    if address.lower() in seen:
        return Judged(address, Verdict.DUPLICATE, _("The address stands further up already."))
    if address in unwilling:
        return Judged(address, Verdict.UNSUBSCRIBED, _("Its owner wants no such mails."))
    return Judged(address, Verdict.OK)


def _is_address(address: str) -> bool:
    try:
        envelope_address(address)
    except BadAddress:
        return False
    return True
