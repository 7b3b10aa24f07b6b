"""Runs `momentum` as a node without the lease: for so many seconds as a line on standard input says, every other node
is dead to it, and it never falls silent itself.

`careless_node.py ARGUMENTS...`: the arguments are those of `momentum`. What the journal keeps must be right even so.
"""

import sys
import threading
import time

from momentum.cli import main
from momentum.realtime.lease import Standing
from momentum.realtime.peers import Peers

is_dead, expired = Peers.is_dead, Standing.expired
until = 0.0


def obey() -> None:
    global until
    for line in sys.stdin:
        until = time.monotonic() + float(line)


def careless() -> bool:
    return time.monotonic() < until


def believes_dead(peers: Peers, node_id: str) -> bool:
    return careless() or is_dead(peers, node_id)


def never_expires(standing: Standing, mono_ms: int) -> bool:
    return not careless() and expired(standing, mono_ms)


Peers.is_dead = believes_dead  # type: ignore[method-assign, assignment]
Standing.expired = never_expires  # type: ignore[method-assign, assignment]
threading.Thread(target=obey, daemon=True).start()
sys.exit(main())
