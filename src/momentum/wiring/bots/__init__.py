"""`momentum bots`: players who are programs. They know what any client knows: the site's API and the public protocol.

`player` speaks the protocol and does no I/O, `connection` keeps it connected, `run` lets several of them in by a PIN.
"""

from momentum.wiring.bots.run import run

__all__ = ["run"]
