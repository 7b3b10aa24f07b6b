"""Hosts and addresses: where the site is reached, where realtime is reached from there, who is calling."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port

LOCAL_HOSTS: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")


def site_url(request: HttpRequest) -> str:
    """The origin for links in mails: PUBLIC_URL whatever the request's host is; that host where it is unset."""
    return settings.MOMENTUM.public_url or f"{request.scheme}://{request.get_host()}"


def public_origin(request: HttpRequest) -> str:
    """The origin that other people can open: PUBLIC_URL, else the request's own host.

    A host who looks at localhost hands out the machine's address in the local network instead: no phone can open
    localhost.
    """
    if settings.MOMENTUM.public_url:
        return settings.MOMENTUM.public_url
    host, port = split_domain_port(request.get_host())
    if host in LOCAL_HOSTS and settings.LAN_ADDRESSES:
        host = settings.LAN_ADDRESSES[0]
    return f"{request.scheme}://{host}:{port}" if port else f"{request.scheme}://{host}"


def websocket_origin(request: HttpRequest) -> str:
    """Where realtime is reached, by who made this request."""
    if settings.MOMENTUM.websocket_url:
        return settings.MOMENTUM.websocket_url
    scheme = "wss" if request.is_secure() else "ws"
    host, _ = split_domain_port(request.get_host())
    return f"{scheme}://{host}:{settings.MOMENTUM.realtime_port}"


def client_address(request: HttpRequest) -> str:
    """The caller's address, as the TrustedProxies middleware found it."""
    return str(request.META.get("REMOTE_ADDR", ""))


def from_this_machine(request: HttpRequest) -> bool:
    """Whether the caller sits at this machine."""
    try:
        address = ipaddress.ip_address(client_address(request))
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def client_network(request: HttpRequest) -> str:
    """What limits count by: the IPv4 address, or the /64 which one IPv6 subscriber has."""
    try:
        address = ipaddress.ip_address(client_address(request))
    except ValueError:
        return "0.0.0.0"
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)
