"""Who this realtime process is among the nodes of an installation."""

import secrets
from pathlib import Path

from momentum.environment import Environment
from momentum.realtime.journal.contract import Node


def this_node(environment: Environment) -> Node:
    """A node of its own for each process. Without NODE_URL there is one address for all, so none to send anybody to."""
    address = environment.node_url or f"http://127.0.0.1:{environment.realtime_port}"
    websocket_url = (environment.websocket_url or f"ws{address.removeprefix('http')}") if environment.node_url else ""
    return Node(id=secrets.token_hex(8), address=address, websocket_url=websocket_url)


def replace_node(data_dir: Path, node_id: str) -> str:
    """Note that `node_id` runs on this data directory now; returns the node before it, empty for the first one.

    Only for who holds the directory's realtime.lock: the kernel let go of it when the process before ended, so that
    node's games can be taken without waiting for its heartbeat to be missed.
    """
    note = data_dir / "realtime.node"
    before = note.read_text() if note.exists() else ""
    note.write_text(node_id)
    return before
