"""How a service ends with its supervisor, however that dies.

The supervisor holds the writing end of a pipe and never writes; each service inherits the reading end. The kernel
closes the writing end when the supervisor is gone, SIGKILL included. A service that reads the end of the pipe kills
itself: nobody could restart it any more, and its ports and its database must be free for the next start. A crash is
survived anyway, so nothing gentler is tried. On Linux the kernel is also asked to kill the service, which works even
when no thread of it runs.
"""

import ctypes
import os
import signal
import sys
import threading
from collections.abc import MutableMapping

VARIABLE = "MOMENTUM_LIFELINE"
PR_SET_PDEATHSIG = 1


def follow_supervisor(environ: MutableMapping[str, str]) -> None:
    """Tie this process to the supervisor that started it; without one, do nothing.

    The variable is taken out of `environ`: programs that this process starts do not have the pipe.
    """
    if not (descriptor := environ.pop(VARIABLE, None)):
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    threading.Thread(target=_die_at_end_of, args=(int(descriptor),), name="lifeline", daemon=True).start()


def _die_at_end_of(descriptor: int) -> None:
    os.read(descriptor, 1)
    os.kill(os.getpid(), signal.SIGKILL)
