"""The disk: a commit is on it before anybody hears of it; where it is slow, full or broken, nothing is acknowledged."""

import errno
import re
import time
from collections.abc import Callable

import pytest

from .cluster import Cluster
from .conftest import StartCluster
from .figures import measured
from .played import acknowledged, answers, ended, game_on, guessers, holds, names, told_to_wait, until_question
from .syscalls import GO_ON, Call, Syscalls, Verdict

JOURNAL = "games.sqlite3-wal"
SOCKET_WRITES = ("write", "writev", "sendto", "sendmsg")
ANSWER = re.compile(rb'"kind":"answer_given"[^}]*')
ACCEPTED = b'"ANSWER_ACCEPTED"'
SLOW_S = 3.0
BROKEN_S = 2.0
UNDER_WAY_S = 0.3
"""An acknowledgement that was sent before may be read so much later."""


class Order:
    """What a process does with its journal and its sockets, in order: answers are written, the disk confirms them, they
    are acknowledged. We do the fdatasync in the process's place, so we know when it has returned."""

    def __init__(self) -> None:
        self.written: set[bytes] = set()
        self.on_disk: set[bytes] = set()
        self.acknowledged = 0
        self.too_early: list[bytes] = []

    def __call__(self, call: Call) -> Verdict:
        if call.name == "fdatasync" and call.path.endswith(JOURNAL):
            call.sync()
            self.on_disk |= self.written
            return Verdict(done=True)
        if call.name == "pwrite64" and call.path.endswith(JOURNAL):
            self.written |= {match.group() for match in ANSWER.finditer(call.data)}
        elif call.name in SOCKET_WRITES and call.path.startswith("socket:"):
            self._speaks(call.data)
        return GO_ON

    def _speaks(self, data: bytes) -> None:
        self.acknowledged += data.count(ACCEPTED)
        if self.acknowledged > len(self.on_disk):
            self.too_early.append(data)


def test_an_answer_is_on_the_disk_before_its_acknowledgement_is_written_to_the_socket(on_sqlite: StartCluster) -> None:
    order = Order()
    cluster = on_sqlite(popens=[Syscalls((*SOCKET_WRITES, "pwrite64", "fdatasync"), order).popen])
    game = game_on(cluster, guessers(names(4)), questions=4)
    assert ended(cluster, game.in_background())
    assert holds(cluster, game)
    assert order.too_early == []
    assert order.acknowledged == len(order.on_disk) == len(answers(game)) == 16


def test_the_order_is_seen_to_be_wrong_where_commits_do_not_wait_for_the_disk(on_sqlite: StartCluster) -> None:
    order = Order()
    watched = Syscalls((*SOCKET_WRITES, "pwrite64", "fdatasync"), order).popen
    cluster = on_sqlite(popens=[watched], DURABILITY="process")
    game = game_on(cluster, guessers(names(2)), questions=1)
    assert ended(cluster, game.in_background())
    assert order.acknowledged == 2
    assert order.too_early


def kill_once(cluster: Cluster, when: Callable[[Call], bool]) -> Callable[[Call], Verdict]:
    """SIGKILL the node in the middle of the first call of which `when` holds, before the kernel does it."""
    killed = False

    def decide(call: Call) -> Verdict:
        nonlocal killed
        if not killed and when(call):
            killed = True
            cluster.nodes[0].kill()
        return GO_ON

    return decide


def test_an_answer_counts_once_when_realtime_is_killed_between_its_commit_and_its_acknowledgement(
    on_sqlite: StartCluster,
) -> None:
    syscalls = Syscalls(SOCKET_WRITES)
    cluster = on_sqlite(popens=[syscalls.popen])
    game = game_on(cluster, guessers(names(3)))
    playing = game.in_background()
    for number in (1, 2, 3):
        until_question(cluster, game, number)
        syscalls.decide = kill_once(cluster, lambda call: call.path.startswith("socket:") and ACCEPTED in call.data)
    assert ended(cluster, playing)
    assert cluster.nodes[0].starts == 4
    assert len(acknowledged(game)) >= 6, "on a busy machine one may be away when the question closes"
    assert holds(cluster, game)


@pytest.mark.parametrize("synced", [False, True], ids=["before the disk has it", "after the disk has it"])
def test_an_answer_counts_once_when_realtime_is_killed_in_the_middle_of_its_commit(
    on_sqlite: StartCluster, synced: bool
) -> None:
    syscalls = Syscalls(("fdatasync",))
    cluster = on_sqlite(popens=[syscalls.popen])

    def on_its_way(call: Call) -> bool:
        if synced and call.path.endswith(JOURNAL):
            call.sync()
        return call.path.endswith(JOURNAL)

    game = game_on(cluster, guessers(names(3)))
    playing = game.in_background()
    for number in (1, 2, 3):
        until_question(cluster, game, number)
        syscalls.decide = kill_once(cluster, on_its_way)
    assert ended(cluster, playing)
    assert cluster.nodes[0].starts == 4
    assert len(acknowledged(game)) >= 6, "on a busy machine one may be away when the question closes"
    assert holds(cluster, game)


def test_a_disk_that_takes_seconds_delays_acknowledgements_and_loses_none(on_sqlite: StartCluster) -> None:
    syscalls = Syscalls(("fdatasync",))
    cluster = on_sqlite(popens=[syscalls.popen])
    game = game_on(cluster, guessers(names(4), 0.5, 1.0))
    playing = game.in_background()
    until_question(cluster, game, 2)
    slow_from: list[float] = []

    def slow(call: Call) -> Verdict:
        if slow_from or not call.path.endswith(JOURNAL):
            return GO_ON
        slow_from.append(time.monotonic())
        return Verdict(after_s=SLOW_S)

    syscalls.decide = slow
    assert ended(cluster, playing)
    (began,) = slow_from
    assert acknowledged(game, since=began + UNDER_WAY_S, until=began + SLOW_S) == []
    assert len(acknowledged(game)) == 12
    assert holds(cluster, game)


FAULTS = {
    "the disk is full": ("pwrite64", errno.ENOSPC),
    "writing fails": ("pwrite64", errno.EIO),
    "the disk does not confirm": ("fdatasync", errno.EIO),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_disk_pauses_games_with_a_notice_and_they_go_on_by_themselves(
    on_sqlite: StartCluster, fault: str
) -> None:
    name, error = FAULTS[fault]
    syscalls = Syscalls((name,))
    cluster = on_sqlite(popens=[syscalls.popen])
    game = game_on(cluster, guessers(names(4), 0.5, 1.0))
    playing = game.in_background()
    until_question(cluster, game, 2)
    began = time.monotonic()
    syscalls.decide = lambda call: Verdict(error) if "games.sqlite3" in call.path else GO_ON
    time.sleep(BROKEN_S)
    syscalls.heal()
    healed_at = time.monotonic()
    assert ended(cluster, playing)
    assert acknowledged(game, since=began + UNDER_WAY_S, until=healed_at) == []
    assert len(acknowledged(game)) == 12
    assert len(told_to_wait(game)) >= 4
    assert cluster.nodes[0].starts == 1
    assert holds(cluster, game)
    resumed_s = min(answer.settled_at for answer in acknowledged(game, since=healed_at)) - healed_at
    measured(fault, "until the next acknowledgement", resumed_s)
