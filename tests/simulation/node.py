"""A machine that runs one realtime process after the other: everything in them is real, but what they stand on."""

from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from random import Random
from typing import Any
from unittest import mock

from aiohttp import web

from momentum.protocol.close_codes import CloseCode
from momentum.protocol.tickets import BadToken, Keys
from momentum.realtime.admission import admit
from momentum.realtime.client import Client
from momentum.realtime.hub_manager import HubManager
from momentum.realtime.journal.contract import JournalUnavailable, Node
from momentum.realtime.lease import Lease
from momentum.realtime.limits import Limits
from momentum.realtime.ownership import Elsewhere, SetAside
from momentum.realtime.rooms import Rooms
from momentum.realtime.server import WS_PREFIX, Server

from .backplane import Exchange, SimulatedBackplane
from .clocks import Clocks, Wall
from .database import Database
from .games import HOST
from .journal import SimulatedJournal
from .loop import Process, VirtualLoop
from .network import Connection
from .watch import Watch

KEYS = Keys(("a secret of simulations, of more than 32 bytes",))
START_AGAIN_S = ((0.15, 0.6), (3.0, 6.0))
"""How long it takes from a process' end to the next one's start: soon, or not before others have seen it missing."""


@dataclass
class Upgrade:
    """A request for a WebSocket, as picows has parsed it."""

    path: bytes
    headers: dict[str, str]


class SocketServer(Server):
    """Realtime's server without a port."""

    async def serve(self) -> None:
        self._rota.start()

    def shut(self) -> None:
        pass

    def connect(self, connection: Connection, game_id: str) -> None:
        """Somebody opens a socket."""
        request: Any = Upgrade(f"{WS_PREFIX}{game_id}".encode(), {"Sec-WebSocket-Version": "13"})
        listener: Any = self._listener(request)
        connection.accept(listener)


class RelayServer(SocketServer):
    """Lets everybody in wherever their game is: its room here and its hub there have the backplane between them."""

    async def _fetch_and_admit(self, client: Client, token: str, game_id: str) -> None:
        try:
            await self._manager.ensure(game_id)
        except Elsewhere:
            return self._admit_from_afar(client, token, game_id)
        except (JournalUnavailable, SetAside):
            return client.close(CloseCode.RESET)
        self._admit(client, token, game_id)

    def _admit_from_afar(self, client: Client, token: str, game_id: str) -> None:
        try:
            admission = admit(
                KEYS, token, game_id=game_id, hosts=[HOST], access="anyone", unix_s=self._timing.unix_ms() // 1000
            )
        except BadToken as error:
            return self._refuse(client, error)
        if not client.closed:
            self._waiting.discard(client)
            self._rota.add(client)
            client.admit(self._rooms.enter(game_id), admission)


@dataclass(frozen=True)
class Ground:
    """What all machines of a simulation stand on. `relays`: whether nodes let people in whose game is elsewhere."""

    loop: VirtualLoop
    database: Database
    exchange: Exchange
    lease: Lease
    limits: Limits
    relays: bool
    watch: Watch
    note: Callable[..., None]


class Machine:
    """`clocks`: of every node that ever ran, by the node's id."""

    def __init__(self, name: str, ground: Ground, random: Random, clocks: dict[str, Clocks]) -> None:
        self.name = name
        self.wall = Wall()
        self.process: Process | None = None
        self.manager: HubManager | None = None
        self.journal: SimulatedJournal | None = None
        self.clocks = Clocks(ground.loop, self.wall, random.randrange(10**9, 10**13), 1 + random.uniform(-1e-4, 1e-4))
        self.connections: list[Connection] = []
        self.ending = False
        self._ground = ground
        self._random = random
        self._all_clocks = clocks
        self._server: SocketServer | None = None
        self._backlog: list[tuple[Connection, str]] = []
        self._world = copy_context()
        self._runs = 0
        self._ended_ones: list[Process] = []

    @property
    def url(self) -> str:
        return f"ws://{self.name}"

    @property
    def up(self) -> bool:
        """A process runs here and takes sockets."""
        return self._server is not None

    def start(self) -> None:
        """Run a process; where it cannot start, the next one, until one can."""
        before = f"{self.name}.{self._runs}" if self._runs else ""
        self._runs += 1
        process = self.process = Process(f"{self.name}.{self._runs}")
        self._ground.note("start", process.name)
        loop = self._ground.loop
        loop.create_task(self._begin(process, before), context=process.context)

    def start_soon(self) -> None:
        """As a supervisor does."""
        when = self._ground.loop.time() + self._random.uniform(*self._random.choice(START_AGAIN_S))
        self._ground.loop.at(when, self._world, self.start)

    def kill(self) -> None:
        """SIGKILL: the kernel closes its sockets."""
        self._ground.note("kill", self._name)
        for connection in self._bury():
            connection.cut()

    def lose_power(self) -> None:
        """The machine vanishes: nobody is told anything."""
        self._ground.note("lose power", self._name)
        for connection in self._bury():
            connection.stall(up_until=float("inf"), down_until=float("inf"))

    def stop(self) -> None:
        """SIGSTOP."""
        assert self.process is not None
        self._ground.note("stop", self._name)
        self._ground.watch.still(self.process, dead=False)
        self.process.stop()

    def go_on(self) -> None:
        """SIGCONT."""
        assert self.process is not None
        self._ground.note("go on", self._name)
        self.process.go_on(self._ground.loop)

    def terminate(self, then: Callable[[], None]) -> None:
        """SIGTERM: hand the games over, and end in order."""
        assert self.process is not None
        self._ground.note("terminate", self._name)
        self.ending = True
        self._ground.loop.create_task(self._end(self.process, then), context=self.process.context)

    def steal(self, game_id: str) -> None:
        """Take a game whose owner lives, as if it were dead."""
        assert self.process is not None
        self._ground.loop.create_task(self._steal(game_id), context=self.process.context)

    def connect(self, connection: Connection, game_id: str) -> None:
        """Somebody's SYN arrives."""
        if self.process is None:
            return connection.refuse()
        connection.process = self.process
        if self._server is None:
            self._backlog.append((connection, game_id))
        else:
            self.connections.append(connection)
            loop = self._ground.loop
            loop.at(loop.time(), self.process.context, self._server.connect, connection, game_id)

    @property
    def _name(self) -> str:
        return self.process.name if self.process else self.name

    def _bury(self) -> list[Connection]:
        """The process is no more. Returns the connections it had."""
        assert self.process is not None
        self._ground.watch.still(self.process, dead=True)
        self._ended_ones.append(self.process)
        self.process.kill()
        self._ground.exchange.gone(self.process)
        connections = [*self.connections, *(connection for connection, _ in self._backlog)]
        self._nobody()
        return connections

    def _nobody(self) -> None:
        self.process = self.manager = self.journal = self._server = None
        self.connections, self._backlog = [], []
        self.ending = False

    async def _begin(self, process: Process, before: str) -> None:
        ground = self._ground
        self.journal = SimulatedJournal(ground.loop, ground.database)
        node = Node(id=process.name, address=f"http://{self.name}", websocket_url=self.url)
        self._all_clocks[node.id] = self.clocks
        backplane = SimulatedBackplane(ground.exchange, process)
        rooms = Rooms(backplane, self.clocks)
        manager = HubManager(
            journal=self.journal,
            backplane=backplane,
            rooms=rooms,
            timing=self.clocks,
            keys=KEYS,
            node=node,
            lease=ground.lease,
            predecessor=before,
        )
        server = (RelayServer if ground.relays else SocketServer)(
            manager=manager,
            rooms=rooms,
            http=web.Application(),
            keys=KEYS,
            timing=self.clocks,
            limits=ground.limits,
            origin_allowed=lambda _: False,
        )
        self.manager = manager
        try:
            await manager.start()
        except JournalUnavailable:
            return self._world.run(self._cannot_start)
        await server.serve()
        self._server = server
        ground.note("ready", process.name)
        for connection, game_id in self._backlog:
            self.connect(connection, game_id)
        self._backlog = []

    async def _steal(self, game_id: str) -> None:
        assert self.manager is not None
        peers = self.manager.ownership._peers
        with mock.patch.object(peers, "is_dead", lambda _: True), suppress(JournalUnavailable):
            await self.manager.ensure(game_id)

    def _cannot_start(self) -> None:
        self.kill()
        self.start_soon()

    async def _end(self, process: Process, then: Callable[[], None]) -> None:
        manager, server, journal = self.manager, self._server, self.journal
        assert manager is not None and server is not None and journal is not None
        await manager.stop()
        await server.stop()
        await journal.close()
        self._ground.note("ended", process.name)
        self._world.run(self._ended, process, then)

    def _ended(self, process: Process, then: Callable[[], None]) -> None:
        for connection in self._bury():
            connection.cut()
        then()
