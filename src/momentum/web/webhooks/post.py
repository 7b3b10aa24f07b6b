"""One POST to somebody else's server: nothing is followed, nothing is waited for long, little is read."""

import http.client
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from urllib.parse import SplitResult

from django.utils.translation import gettext as _

from momentum.web.cutoff import cut_off
from momentum.web.webhooks import targets

STEP_S = 5.0
TOTAL_S = 15.0
MOST_READ = 1024
ADDRESSES = 3
"""So many of a host are tried."""


class NoAnswer(Exception):
    """No whole answer came. `str()` says why, translated."""


def post(url: str, body: bytes, headers: Mapping[str, str], *, anywhere: bool) -> int:
    """The status that the server answered with. Raises BadTarget, NoAnswer. `anywhere`: see `targets.checked_url`."""
    parts = targets.checked_url(url, anywhere=anywhere)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    addresses = targets.resolve(host, port, anywhere=anywhere)[:ADDRESSES]
    try:
        with _connected(parts, addresses, port) as sock:
            return _ask(parts, port, sock, body, headers)
    except TimeoutError:
        raise NoAnswer(_("The server took too long.")) from None
    except ssl.SSLError as error:
        why = getattr(error, "verify_message", "") or error.reason or "TLS"
        raise NoAnswer(_("No secure connection: %(why)s.") % {"why": why}) from None
    except (OSError, http.client.HTTPException) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise NoAnswer(_("The connection failed: %(why)s.") % {"why": why}) from None


@contextmanager
def _connected(parts: SplitResult, addresses: Sequence[str], port: int) -> Iterator[socket.socket]:
    """A connection to one of these very addresses, cut TOTAL_S later: a server that trickles does not keep us."""
    sock = _first(addresses, port)
    if parts.scheme == "https":
        context = ssl.create_default_context()
        sock = context.wrap_socket(sock, server_hostname=parts.hostname, do_handshake_on_connect=False)
    try:
        with cut_off(lambda: sock, TOTAL_S) as was_cut:
            try:
                if isinstance(sock, ssl.SSLSocket):
                    sock.do_handshake()
                yield sock
            except (OSError, http.client.HTTPException):
                if was_cut.is_set():
                    raise TimeoutError from None
                raise
    finally:
        sock.close()


def _first(addresses: Sequence[str], port: int) -> socket.socket:
    """A connection to the first address that takes one. Raises OSError."""
    for address in addresses[:-1]:
        with suppress(OSError):
            return socket.create_connection((address, port), timeout=STEP_S)
    return socket.create_connection((addresses[-1], port), timeout=STEP_S)


def _ask(parts: SplitResult, port: int, sock: socket.socket, body: bytes, headers: Mapping[str, str]) -> int:
    connection = http.client.HTTPConnection(parts.hostname or "", port, timeout=STEP_S)
    connection.sock = sock
    connection.default_port = 443 if parts.scheme == "https" else 80
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.request("POST", path, body, {**headers, "Connection": "close"})
    answer = connection.getresponse()
    answer.read(MOST_READ)
    return answer.status
