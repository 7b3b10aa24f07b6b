"""A wall clock of its own for a node, moved while it runs; wall_clock.py is what the process runs."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .cluster import Node

WALL_CLOCK = Path(__file__).parent / "wall_clock.py"


def moved_clock(command: Sequence[str], **options: Any) -> "subprocess.Popen[bytes]":
    """subprocess.Popen for a `momentum` command whose standard input moves its wall clock."""
    return subprocess.Popen(
        (sys.executable, "-P", str(WALL_CLOCK), command[-1]), **{**options, "stdin": subprocess.PIPE}
    )


def move(node: Node, hours: int) -> None:
    """Move the node's wall clock, once and for all."""
    assert node.stdin is not None, "made with moved_clock"
    with node.stdin as clock:
        clock.write(b"%d\n" % (hours * 3600))
