"""One simulation: nodes, a database, what lies between them, people who play, and a nemesis."""

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any
from unittest import mock

import structlog
from tests.e2e.history import History
from tests.realtime.fakes import Message

from momentum.game.phases import Phase
from momentum.protocol.tickets import mint_ticket
from momentum.realtime import snapshots
from momentum.realtime.limits import Limits
from momentum.realtime.server import WS_PREFIX
from momentum.wiring.bots.player import Player

from . import checks, games
from .backplane import Exchange
from .client import Browser
from .clocks import UNIX_MS, Clocks
from .database import Database
from .host import Host
from .loop import Deadlock, VirtualLoop
from .nemesis import Nemesis
from .network import Connection
from .node import KEYS, Ground, Machine
from .profiles import PROFILES, Profile
from .trace import Trace
from .watch import Watch

GAMES = 2
OVER_BY_S = 150.0
"""Every game has ended by then: a minute without a host may be part of it."""
LATENCIES_S = ((0.002, 0.01), (0.02, 0.06), (0.08, 0.3))
FEWEST_ENTRIES = 8
MAX_UNREAD = 3_000
"""Small, so that a slow reader is one soon."""
FAILURES = {"hub_failed", "socket_failed", "write_failed", "release_failed", "game_set_aside"}
"""Log entries that only a defect leaves."""


@dataclass
class Kill:
    """When a node was killed, and the running games that it had; none where other nodes were down too."""

    at_s: float
    games: list[str]


@dataclass
class Run:
    """What came of one. `violations`: sentences; `takeovers_s`: for how long games had no writer after a kill;
    `silences_s`: for how long people were out of them."""

    seed: int
    profile: str
    violations: list[str]
    trace: Trace
    takeovers_s: list[float]
    silences_s: list[float]
    lasted_s: float


class World:
    """`machines` run the nodes, `browsers` are everybody's pages."""

    def __init__(self, seed: int, profile: Profile) -> None:
        self.seed = seed
        self.profile = profile
        self.trace = Trace()
        self.loop = VirtualLoop()
        self.database = Database(self.loop, self.random("database"), profile.weather)
        self.watch = Watch(self.loop, self.database)
        self.exchange = Exchange(self.loop, self.random("backplane"), profile.roads, self.watch)
        self.clocks: dict[str, Clocks] = {}
        ground = Ground(
            loop=self.loop,
            database=self.database,
            exchange=self.exchange,
            lease=profile.lease,
            limits=Limits(max_unread=MAX_UNREAD),
            relays=profile.relays,
            watch=self.watch,
            note=self.note,
        )
        self.machines = [
            Machine(f"node{number}", ground, self.random(f"node{number}"), self.clocks)
            for number in range(1, profile.nodes + 1)
        ]
        self.plans = [games.plan(number, self.random(f"game{number}")) for number in range(1, GAMES + 1)]
        self.browsers: list[Browser] = []
        self.histories: dict[str, list[History]] = {}
        self.failures: list[str] = []
        self.kills: list[Kill] = []
        self._site = self.random("site")
        self._nemesis = Nemesis(self, self.random("nemesis"))

    def random(self, name: str) -> Random:
        """A stream of chance of its own."""
        return Random(f"{self.seed} {name}")

    def note(self, what: str, *details: Any) -> None:
        self.trace.add(self.loop.time(), what, *details)

    # What pages ask the site for

    def ticket(self, game_id: str, user_id: str) -> str:
        return mint_ticket(
            KEYS,
            sub=user_id,
            username=user_id.title(),
            game_id=game_id,
            role="host" if user_id == games.HOST else "player",
            at=UNIX_MS // 1000 + int(self.loop.time()),
        )

    def address(self, game_id: str) -> str:
        return f"{self._site.choice(self.machines).url}{WS_PREFIX}{game_id}"

    def dial(self, address: str, game_id: str, page: Browser) -> Connection:
        """Open a socket."""
        random = self.random(f"connection {len(self.trace)}")
        machine = next(machine for machine in self.machines if address.startswith(f"{machine.url}/"))

        def wire(message: Message) -> None:
            self.note("wire", game_id, page.user_id, message["seq"], message["type"], message.get("rev", ""))
            self.watch.wire(game_id, page.user_id, message)

        connection = Connection(self.loop, page, random, random.choice(LATENCIES_S), wire)
        self.note("dial", page.user_id, game_id, machine.name)
        self.loop.call_later(random.uniform(0.001, 0.05), machine.connect, connection, game_id)
        return connection

    def killed(self, machine: Machine) -> None:
        """A node is about to be killed."""
        assert machine.manager is not None
        hubs = machine.manager.hubs.values() if all(other.up for other in self.machines) else ()
        running = [hub.game_id for hub in hubs if hub.game.phase is not Phase.OVER]
        self.kills.append(Kill(self.loop.time(), running))

    # The course of things

    def play(self) -> Run:
        """From the first node's start to the last one's end."""
        with _chance(self.random("secrets")), _snapshots_soon(), self._listening():
            try:
                self.loop.run(self._play())
            except Deadlock:
                self.watch.violations.append("nothing ever happens again")
        found = [*self.failures, *self.loop.failures, *self.watch.violations, *checks.violations(self)]
        return Run(
            seed=self.seed,
            profile=self.profile.name,
            violations=list(dict.fromkeys(found)),
            trace=self.trace,
            takeovers_s=checks.takeovers_s(self),
            silences_s=checks.silences_s(self),
            lasted_s=self.loop.time(),
        )

    async def _play(self) -> None:
        for machine in self.machines:
            machine.start()
        while not all(machine.up for machine in self.machines):  # noqa: ASYNC110 (time is virtual)
            await asyncio.sleep(0.01)
        for plan in self.plans:
            await self._open(plan)
        self._nemesis.start()
        while not self._over and self.loop.time() < OVER_BY_S:
            await asyncio.sleep(1.0)
            for machine in self.machines:
                if machine.manager is not None:
                    self.watch.compare(machine.name, machine.manager.hubs)
        await self._end()

    @property
    def _over(self) -> bool:
        return all(browser.done for browser in self.browsers)

    async def _open(self, plan: games.Plan) -> None:
        machine = self._site.choice(self.machines)
        assert machine.manager is not None and machine.process is not None
        await self.loop.create_task(machine.manager.open(plan.wanted), context=machine.process.context)
        self.histories[plan.id] = []
        host = self._browser(plan, games.HOST)
        for user_id, comes_after_s in plan.players.items():
            self.loop.call_later(comes_after_s, self._browser(plan, user_id).start)
        histories = self.histories[plan.id]
        Host(
            self.loop,
            host,
            self.random(f"{plan.id} host"),
            lambda: all(history.frames for history in histories),
            plan.pauses,
        ).start()

    def _browser(self, plan: games.Plan, user_id: str) -> Browser:
        history = History(user_id, clock=self.loop.time)
        self.histories[plan.id].append(history)
        choose = plan.choose.get(user_id, games.nothing)
        player = Player("", choose, self.loop.call_later, history)
        random = self.random(f"{plan.id} {user_id}")
        browser = Browser(self.loop, random, plan.id, player, user_id, self, history.connecting, self.dial)
        self.browsers.append(browser)
        return browser

    async def _end(self) -> None:
        """Every node ends in order, and leaves nothing behind."""
        ended = []
        for machine in self.machines:
            if machine.up and machine.process is not None and not machine.ending:
                process = machine.process
                over: asyncio.Future[None] = self.loop.create_future()
                machine.terminate(partial(over.set_result, None))
                await asyncio.wait_for(over, 30.0)
                ended.append(process)
        await asyncio.sleep(10.0)
        for process in ended:
            left = [task.get_coro() for task in process.tasks if not task.done()]
            if left:
                self.watch.violations.append(f"{process.name} has ended and left {left}")

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """Hear what is logged, and only that of defects."""

        def hear(_: object, level: str, entry: Any) -> Any:
            if entry["event"] in FAILURES or entry.get("exc_info") is True:
                self.failures.append(f"{entry['event']}: {entry}")
            self.note("log", level, *(f"{key}={value}" for key, value in entry.items()))
            raise structlog.DropEvent

        processors = structlog.get_config()["processors"]
        usual = processors.copy()
        processors[:] = [hear]
        try:
            yield
        finally:
            processors[:] = usual


@contextmanager
def _chance(random: Random) -> Iterator[None]:
    """What production code draws from the system's chance comes from the seed."""
    with (
        mock.patch.object(secrets, "token_hex", lambda count: f"{random.getrandbits(count * 8):0{count * 2}x}"),
        mock.patch.object(secrets, "randbits", random.getrandbits),
    ):
        yield


def _snapshots_soon() -> Any:
    """Games as small as these have snapshots too."""
    return mock.patch.object(snapshots, "FEWEST_ENTRIES", FEWEST_ENTRIES)


def simulate(seed: int, profile: str | None = None) -> Run:
    """Play the simulation of `seed`; without a `profile`, the seed chooses one."""
    names = list(PROFILES)
    return World(seed, PROFILES[profile or names[seed % len(names)]]).play()
