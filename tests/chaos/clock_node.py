"""Runs `momentum` with a wall clock of its own: each line on standard input moves it by so many seconds.

`clock_node.py ARGUMENTS...`: the arguments are those of `momentum`. Monotonic clocks are left alone.
"""

import sys
import threading
import time

import time_machine

from momentum.cli import main


def obey(traveller: time_machine.Traveller) -> None:
    for line in sys.stdin:
        traveller.shift(float(line))


with time_machine.travel(time.time(), tick=True) as wall_clock:
    threading.Thread(target=obey, args=(wall_clock,), daemon=True).start()
    code = main()
sys.exit(code)
