"""Where a message may go. An organiser writes the address, this server calls it: so it must not be a way into the
network that the server stands in. Names are resolved once, and only addresses that were checked are called.
"""

import ipaddress
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext as _

from momentum.web.lookup import lookup

RESOLVE_S = 5.0
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
CARRIES_IPV4 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
"""IPv6 networks whose addresses are IPv4 addresses in disguise (NAT64)."""


class BadTarget(Exception):
    """Nothing is sent there. `str()` says why, translated."""


def checked_url(url: str, *, anywhere: bool) -> SplitResult:
    """The parts of an address that messages may be sent to, as far as the text tells. Raises BadTarget.

    `anywhere`: http:// and private addresses too.
    """
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and parts.port != 0 and url.isascii() and url.isprintable() and " " not in url
    except ValueError:
        raise BadTarget(_("This is no web address. Write one like https://example.org/hook.")) from None
    if not usable or parts.scheme not in ("https", "http"):
        raise BadTarget(_("This is no web address. Write one like https://example.org/hook."))
    if parts.username or parts.password or parts.fragment:
        raise BadTarget(_("Leave out names, passwords and what follows #: the signature shows who is calling."))
    if parts.scheme == "http" and not anywhere:
        raise BadTarget(_("Use https://, so that nobody on the way can read or change what is sent."))
    if (literal := _literal(parts.hostname or "")) and not anywhere:
        demand_public([literal])
    return parts


def resolve(host: str, port: int, *, anywhere: bool) -> list[str]:
    """The IP addresses to call, best first. Raises BadTarget where there is none, or one of them is not public."""
    found = _addresses(host, port)
    if not found:
        raise BadTarget(_("The host's name leads nowhere (DNS)."))
    if not anywhere:
        demand_public(found)
    return [str(address) for address in found]


def demand_public(found: list[Address]) -> None:
    """Raises BadTarget unless all of these are addresses of the open internet."""
    if not all(is_public(address) for address in found):
        raise BadTarget(_("The address is a private one: messages are sent to the open internet only."))


def is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if any(address in network for network in CARRIES_IPV4):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _addresses(host: str, port: int) -> list[Address]:
    try:
        return [ipaddress.ip_address(found.partition("%")[0]) for found in lookup(host, port, RESOLVE_S)]
    except OSError:
        return []
