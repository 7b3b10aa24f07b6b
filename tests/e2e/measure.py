"""What a run costs, and how long its acknowledgements took."""

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles

from .history import History

TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def cpu_s(pid: int) -> float:
    """Seconds of processor time that a process has used so far, in user and kernel mode; in steps of 10 ms."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def rss_mb(pid: int) -> float:
    """Resident memory."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def percentile(values: Sequence[float], percent: int) -> float:
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def acknowledgements_ms(histories: Sequence[History]) -> list[float]:
    """From sending an answer to hearing that it is kept, in milliseconds, the client's own delays included."""
    return [
        1000 * (answer.settled_at - answer.sent_at)
        for history in histories
        for answer in history.answers
        if answer.outcome == "ok"
    ]


def errors(histories: Sequence[History]) -> Counter[str]:
    """What went wrong for the clients: ERROR frames by code, lost sockets, answers that were not acknowledged."""
    found: Counter[str] = Counter(frame.payload["code"] for history in histories for frame in history.of_type("ERROR"))
    found["lost sockets"] = sum(history.losses for history in histories)
    found.update(f"answer: {answer.outcome}" for h in histories for answer in h.answers if answer.outcome != "ok")
    return +found
