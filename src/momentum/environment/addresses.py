"""The addresses under which other devices of the same network may reach this machine."""

import socket
from contextlib import suppress

# One destination in each private range and one documentation address. A datagram socket that is only
# connected sends nothing: the kernel just tells which of our addresses it would use.
PROBES = ("192.0.2.1", "192.168.255.254", "10.255.255.254", "172.31.255.254")


def lan_addresses() -> tuple[str, ...]:
    """IPv4 addresses of this machine without loopback, that of the default route first."""
    found = dict.fromkeys(_address_towards(probe) for probe in PROBES)
    return tuple(address for address in found if address and not address.startswith("127."))


def own_names() -> tuple[str, ...]:
    """This machine's host name, and the name it may have in the local network."""
    name = socket.gethostname().lower()
    return (name, f"{name}.local") if name and "." not in name else (name,) if name else ()


def _address_towards(destination: str) -> str | None:
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect((destination, 9))
        return str(probe.getsockname()[0])
    return None
