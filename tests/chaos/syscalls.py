"""The syscalls of a process, decided about before the kernel does them: seen, slowed, failed, or done in its place.

By seccomp user notification: no rights, no debugger, no library in the process, the same code on every machine. The
process runs under launch.py; a thread of ours decides.
"""

import fcntl
import os
import platform
import select
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LAUNCHER = Path(__file__).parent / "launch.py"
NUMBERS = {
    "x86_64": {"write": 1, "pwrite64": 18, "writev": 20, "sendto": 44, "sendmsg": 46, "fsync": 74, "fdatasync": 75},
    "aarch64": {"write": 64, "pwrite64": 68, "writev": 66, "sendto": 206, "sendmsg": 211, "fsync": 82, "fdatasync": 83},
}[platform.machine()]
NAMES = {number: name for name, number in NUMBERS.items()}

RECEIVE, SEND = 0xC0502100, 0xC0182101
NOTIFICATION = struct.Struct("=QIIiIQ6Q")
RESPONSE = struct.Struct("=QqiI")
CONTINUE = 1
ATTACHING_S = 20.0
VECTOR = struct.Struct("=QQ")


@dataclass(frozen=True)
class Call:
    """A syscall that the process `pid` is about to do; it waits."""

    id: int
    pid: int
    name: str
    arguments: tuple[int, ...]

    @property
    def path(self) -> str:
        """What its file descriptor leads to."""
        try:
            return os.readlink(f"/proc/{self.pid}/fd/{self.arguments[0]}")
        except OSError:
            return ""

    @property
    def data(self) -> bytes:
        """What it is to write."""
        _, first, second = self.arguments[:3]
        if self.name == "sendmsg":
            first, second = VECTOR.unpack(self._memory(first + 16, VECTOR.size))
        if self.name not in ("writev", "sendmsg"):
            return self._memory(first, second)
        vectors = self._memory(first, second * VECTOR.size)
        return b"".join(self._memory(base, length) for base, length in VECTOR.iter_unpack(vectors))

    def _memory(self, address: int, length: int) -> bytes:
        with open(f"/proc/{self.pid}/mem", "rb", buffering=0) as memory:
            memory.seek(address)
            return memory.read(length)

    def sync(self) -> None:
        """Do an fdatasync or fsync in the process's place, on the same file."""
        descriptor = os.open(f"/proc/{self.pid}/fd/{self.arguments[0]}", os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@dataclass(frozen=True)
class Verdict:
    """What becomes of a call: after `after_s` seconds it fails with `error`, or it was `done` by us, or it goes on."""

    error: int = 0
    after_s: float = 0.0
    done: bool = False


GO_ON = Verdict()
Decide = Callable[[Call], Verdict]


@dataclass
class Syscalls:
    """Of the kinds `names`. `decide` may be set to something else at any time; it is called in a thread of its own."""

    names: Sequence[str]
    decide: Decide = lambda _: GO_ON
    _watchers: list[threading.Thread] = field(default_factory=list)

    def popen(self, command: Sequence[str], **options: Any) -> "subprocess.Popen[bytes]":
        """subprocess.Popen, for a process whose calls are decided about."""
        ours, theirs = socket.socketpair()
        numbers = ",".join(str(NUMBERS[name]) for name in self.names)
        launch = (sys.executable, "-P", str(LAUNCHER), str(theirs.fileno()), numbers, *command)
        with ours, theirs:
            process = subprocess.Popen(launch, pass_fds=(theirs.fileno(),), **options)
            theirs.close()
            ours.settimeout(ATTACHING_S)
            _, listeners, _, _ = socket.recv_fds(ours, 64, 1)
        assert listeners, "the launcher has failed: what it printed says why"
        watcher = threading.Thread(target=self._watch, args=(listeners[0],), name="syscalls")
        watcher.start()
        self._watchers.append(watcher)
        return process

    def heal(self) -> None:
        """Let everything go on."""
        self.decide = lambda _: GO_ON

    def _watch(self, listener: int) -> None:
        """Until the process has ended."""
        poll = select.poll()
        poll.register(listener, select.POLLIN)
        while not any(event & select.POLLHUP for _, event in poll.poll()):
            if (call := _next(listener)) is not None:
                self._settle(listener, call)
        os.close(listener)

    def _settle(self, listener: int, call: Call) -> None:
        try:
            verdict = self.decide(call)
        except OSError:
            verdict = GO_ON  # the process has ended meanwhile
        if verdict.after_s:
            threading.Timer(verdict.after_s, _respond, (listener, call, verdict)).start()
        else:
            _respond(listener, call, verdict)


def _next(listener: int) -> Call | None:
    buffer = bytearray(NOTIFICATION.size)
    try:
        fcntl.ioctl(listener, RECEIVE, buffer, True)
    except OSError:  # a signal took the process out of the call, or ended it
        return None
    id_, pid, _, number, _, _, *arguments = NOTIFICATION.unpack(buffer)
    return Call(id_, pid, NAMES[number], tuple(arguments))


def _respond(listener: int, call: Call, verdict: Verdict) -> None:
    flags = 0 if verdict.error or verdict.done else CONTINUE
    with suppress(OSError):
        fcntl.ioctl(listener, SEND, RESPONSE.pack(call.id, 0, -verdict.error, flags))
