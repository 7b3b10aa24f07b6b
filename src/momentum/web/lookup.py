"""Names of hosts to addresses, in time or not at all: the system's resolver takes no time-out, so it gets a thread."""

import queue
import socket
import threading


def lookup(host: str, port: int, within_s: float) -> list[str]:
    """The addresses of a host, best first. Raises OSError; TimeoutError where the resolver does not answer."""
    answers: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put(list(dict.fromkeys(str(entry[4][0]) for entry in found)))
        except OSError as error:
            answers.put(error)
        except UnicodeError:
            answers.put(socket.gaierror(socket.EAI_NONAME, "Name or service not known"))

    threading.Thread(target=ask, name="resolver", daemon=True).start()
    try:
        answer = answers.get(timeout=within_s)
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, OSError):
        raise answer
    return answer
