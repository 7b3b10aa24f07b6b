"""Becomes another program whose syscalls of some kinds a watcher decides about: see syscalls.py, which runs this.

`launch.py SOCKET NUMBERS COMMAND...`: the listener goes to the watcher through the unix socket with that descriptor.
Needs no rights and nothing but the standard library (seccomp user notification, Linux 5.5).
"""

import ctypes
import os
import platform
import socket
import sys
import threading

SECCOMP = {"x86_64": 317, "aarch64": 277}[platform.machine()]
PR_SET_NO_NEW_PRIVS = 38
SET_MODE_FILTER = 1
NEW_LISTENER = 8
USER_NOTIF = 0x7FC00000
ALLOW = 0x7FFF0000
LOAD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06


class Instruction(ctypes.Structure):
    _fields_ = [
        ("code", ctypes.c_uint16),
        ("jt", ctypes.c_uint8),
        ("jf", ctypes.c_uint8),
        ("k", ctypes.c_uint32),
    ]


class Program(ctypes.Structure):
    _fields_ = [("len", ctypes.c_uint16), ("filter", ctypes.POINTER(Instruction))]


def listener_for(numbers: list[int]) -> int:
    """Filter the syscalls of this thread, and of what it becomes; gives the listener."""
    tests = [Instruction(JUMP_IF_EQUAL, len(numbers) - place, 0, number) for place, number in enumerate(numbers)]
    body = [Instruction(LOAD, 0, 0, 0), *tests, Instruction(RETURN, 0, 0, ALLOW), Instruction(RETURN, 0, 0, USER_NOTIF)]
    program = Program(len(body), (Instruction * len(body))(*body))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    listener = libc.syscall(SECCOMP, SET_MODE_FILTER, NEW_LISTENER, ctypes.byref(program))
    if listener < 0:
        raise OSError(ctypes.get_errno(), "this kernel lets nobody watch syscalls (seccomp)")
    return int(listener)


def main() -> None:
    watcher = socket.socket(fileno=int(sys.argv[1]))
    numbers, command = [int(number) for number in sys.argv[2].split(",")], sys.argv[3:]
    made = threading.Event()
    listeners: list[int] = []

    def hand_over() -> None:
        """In a thread that is not filtered: the watcher cannot decide about anything before it has the listener."""
        made.wait()
        socket.send_fds(watcher, [b"listener"], listeners)

    sender = threading.Thread(target=hand_over)
    sender.start()
    listeners.append(listener_for(numbers))
    made.set()
    sender.join()
    os.execv(command[0], command)


main()
