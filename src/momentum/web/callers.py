"""Who is really calling, behind trusted proxies too. Pure, so that realtime's process can use it without Django."""

import ipaddress
from collections.abc import Iterable, Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def networks(proxies: Iterable[str]) -> tuple[Network, ...]:
    """The networks that TRUSTED_PROXIES names, such as 10.0.0.0/8."""
    return tuple(ipaddress.ip_network(proxy, strict=False) for proxy in proxies)


def caller(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """The peer's address or, where the peer is a trusted proxy, the rightmost address before it that is none.

    `forwarded`: X-Forwarded-For, its lines joined by commas. What stands left of the caller's address, or of something
    that is no address, the caller may have written himself: it does not count.
    """
    address = peer
    for hop in reversed([part for part in forwarded.split(",") if part.strip()]):
        if not is_trusted(address, trusted):
            break
        try:
            address = str(_plain(hop.strip()))
        except ValueError:
            break
    return address


def is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    try:
        plain = _plain(address)
    except ValueError:
        return False
    return any(plain in network for network in trusted)


def _plain(text: str) -> Address:
    """The address; an IPv4 one that a dual-stack socket wrote as ::ffff:10.0.0.1 is 10.0.0.1. Raises ValueError."""
    address = ipaddress.ip_address(text)
    return getattr(address, "ipv4_mapped", None) or address
