"""Nodes that are not as they should be, told so while they run: through their standard input."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .cluster import Node

HERE = Path(__file__).parent
HOUR_S = 3600


def moved_clock(command: Sequence[str], **options: Any) -> "subprocess.Popen[bytes]":
    """subprocess.Popen for a `momentum` command with a wall clock of its own: see clock_node.py."""
    return _popen("clock_node.py", command, options)


def careless(command: Sequence[str], **options: Any) -> "subprocess.Popen[bytes]":
    """subprocess.Popen for a node without the lease: see careless_node.py."""
    return _popen("careless_node.py", command, options)


def tell(node: Node, seconds: float) -> None:
    """By how much its clock moves, or how long it is careless. Once and for all."""
    assert node.stdin is not None, "an odd node"
    with node.stdin as ear:
        ear.write(b"%d\n" % seconds)


def _popen(program: str, command: Sequence[str], options: dict[str, Any]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        (sys.executable, "-P", str(HERE / program), command[-1]), **{**options, "stdin": subprocess.PIPE}
    )
