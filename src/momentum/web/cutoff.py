"""An end to every exchange over a socket. Time-outs of single reads do not bound a server that trickles."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def cut_off(current: Callable[[], socket.socket | None], after_s: float) -> Iterator[threading.Event]:
    """Shut the socket after so many seconds: whoever reads or writes then gets an error. The event says that it was.

    `current`: gives the socket; TLS puts another one in its place.
    """
    was_cut = threading.Event()

    def cut() -> None:
        was_cut.set()
        sock = current()
        with suppress(OSError):
            if sock is not None:
                socket.socket.shutdown(
                    sock, socket.SHUT_RDWR
                )  # of TLS sockets too: their own shutdown drops the TLS first

    timer = threading.Timer(after_s, cut)
    timer.daemon = True
    timer.start()
    try:
        yield was_cut
    finally:
        timer.cancel()
