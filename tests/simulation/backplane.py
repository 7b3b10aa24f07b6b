"""The backplane of a simulation: at once within a process, after a while and with losses between processes."""

from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol

from momentum.backplane.contract import Stop
from momentum.realtime.messages import Envelope, Request

from .loop import Process, VirtualLoop
from .network import NEXT_S


@dataclass
class Roads:
    """How it goes between nodes. Chances are per message; `delay_s`: (least, most)."""

    delay_s: tuple[float, float] = (0.0002, 0.002)
    dropped: float = 0.0
    doubled: float = 0.0
    reordered: float = 0.0


@dataclass
class _End:
    process: Process
    call: Callable[[Any], None]


class Overhearing(Protocol):
    """Who is told of everything that rooms ask and hubs tell."""

    def asked(self, process: Process, game_id: str, request: Request) -> None: ...

    def told(self, process: Process, game_id: str, envelope: Envelope) -> None: ...


class Exchange:
    """What all nodes share."""

    def __init__(self, loop: VirtualLoop, random: Random, roads: Roads, overhearing: Overhearing) -> None:
        self.roads = roads
        self.overhearing = overhearing
        self._loop = loop
        self._random = random
        self._world = copy_context()
        self.hubs: dict[str, list[_End]] = {}
        self.listeners: dict[str, list[_End]] = {}
        self._latest: dict[tuple[str, str, str], float] = {}

    def carry(self, game_id: str, sender: Process, to: _End, message: Any) -> None:
        """Bring a message from one process to another, or within one."""
        if to.process is sender:
            return to.call(message)
        random, roads = self._random, self.roads
        if random.random() < roads.dropped:
            return
        arrives = self._loop.time() + random.uniform(*roads.delay_s)
        if random.random() < roads.reordered:
            arrives += random.uniform(0.0, 0.2)
        else:
            way = (game_id, sender.name, to.process.name)
            arrives = self._latest[way] = max(arrives, self._latest.get(way, 0.0) + NEXT_S)
        self._loop.at(arrives, to.process.context, to.call, message)
        if random.random() < roads.doubled:
            self._loop.at(arrives + random.uniform(0.0, 0.2), to.process.context, to.call, message)

    def gone(self, process: Process) -> None:
        """A process is dead: nothing goes to it any more."""
        for ends in (*self.hubs.values(), *self.listeners.values()):
            ends[:] = [end for end in ends if end.process is not process]


class SimulatedBackplane:
    """A Backplane, as one process sees it."""

    def __init__(self, exchange: Exchange, process: Process) -> None:
        self._exchange = exchange
        self._process = process

    def serve(self, game_id: str, handle: Callable[[Request], None]) -> Stop:
        return self._join(self._exchange.hubs, game_id, handle)

    def request(self, game_id: str, request: Request) -> bool:
        self._exchange.overhearing.asked(self._process, game_id, request)
        hubs = self._exchange.hubs.get(game_id, [])
        own = [end for end in hubs if end.process is self._process]
        for end in (own or hubs)[-1:]:
            self._exchange.carry(game_id, self._process, end, request)
        return bool(hubs)

    def listen(self, game_id: str, deliver: Callable[[Envelope], None]) -> Stop:
        return self._join(self._exchange.listeners, game_id, deliver)

    def publish(self, game_id: str, envelope: Envelope) -> None:
        self._exchange.overhearing.told(self._process, game_id, envelope)
        for end in tuple(self._exchange.listeners.get(game_id, ())):
            self._exchange.carry(game_id, self._process, end, envelope)

    def _join(self, all_ends: dict[str, list[_End]], game_id: str, call: Callable[[Any], None]) -> Stop:
        end = _End(self._process, call)
        ends = all_ends.setdefault(game_id, [])
        ends.append(end)

        def stop() -> None:
            if end in ends:
                ends.remove(end)

        return stop
