"""Does to a simulation what its profile says, then leaves it in peace."""

from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING

from .backplane import Roads
from .database import Weather
from .network import FOREVER, Connection
from .node import Machine

if TYPE_CHECKING:
    from .world import World

HOUR_MS = 3_600_000


class Nemesis:
    def __init__(self, world: "World", random: Random) -> None:
        self._world = world
        self._random = random
        self._loop = world.loop
        self._active = True

    def start(self) -> None:
        profile = self._world.profile
        if profile.faults:
            self._wait()
        self._loop.call_later(profile.lasts_s, self._rest)

    def _wait(self) -> None:
        self._loop.call_later(self._random.expovariate(1 / self._world.profile.every_s), self._act)

    def _act(self) -> None:
        if not self._active:
            return
        faults = self._world.profile.faults
        fault = self._random.choices(list(faults), list(faults.values()))[0]
        FAULTS[fault](self)
        self._wait()

    def _rest(self) -> None:
        """Nothing more goes wrong. What is broken still has to be found out."""
        self._active = False
        world = self._world
        world.note("peace")
        self._fair_weather()
        self._good_roads()
        self._database_up()
        for machine in world.machines:
            machine.wall.ahead_ms = 0
            if machine.journal is not None:
                machine.journal.reachable = True
            if machine.process is not None and machine.process.stopped:
                machine.go_on()

    def _machine(self) -> Machine | None:
        """One that runs, if any does."""
        machines = [
            machine
            for machine in self._world.machines
            if machine.up and not machine.ending and machine.process is not None and not machine.process.stopped
        ]
        return self._random.choice(machines) if machines else None

    def _connection(self) -> Connection | None:
        connections = [browser.connection for browser in self._world.browsers if browser.connection and browser.inside]
        return self._random.choice(connections) if connections else None

    def _later(self, least_s: float, most_s: float, callback: Callable[..., object], *args: object) -> None:
        self._loop.call_later(self._random.uniform(least_s, most_s), callback, *args)

    # Processes

    def kill(self) -> None:
        machine = self._machine()
        if machine is not None:
            self._world.killed(machine)
            machine.kill()
            machine.start_soon()

    def lose_power(self) -> None:
        machine = self._machine()
        if machine is not None:
            machine.lose_power()
            self._later(0.5, 4.0, machine.start)

    def stop(self) -> None:
        machine = self._machine()
        if machine is not None:
            process = machine.process
            machine.stop()
            self._loop.call_later(0.1 * 100 ** self._random.random(), self._go_on, machine, process)

    def _go_on(self, machine: Machine, process: object) -> None:
        if machine.process is process and machine.process is not None and machine.process.stopped:
            machine.go_on()

    def terminate(self) -> None:
        machine = self._machine()
        if machine is not None:
            machine.terminate(machine.start_soon)

    def wall(self) -> None:
        ahead_ms = self._random.choice((-HOUR_MS, HOUR_MS, 0))
        machines = self._world.machines
        moved = machines if self._random.random() < 0.5 else [self._random.choice(machines)]
        self._world.note("wall", ahead_ms, *(machine.name for machine in moved))
        for machine in moved:
            machine.wall.ahead_ms = ahead_ms

    def steal(self) -> None:
        """A node takes a game whose owner lives."""
        machine = self._machine()
        if machine is not None:
            game_id = self._random.choice(list(self._world.database.games))
            self._world.note("steal", machine.name, game_id)
            machine.steal(game_id)

    # The database

    def database_down(self) -> None:
        database = self._world.database
        self._world.note("database down")
        database.up = False
        if self._random.random() < 0.5:
            database.restart()
        self._later(0.1, 4.0, self._database_up)

    def _database_up(self) -> None:
        self._world.note("database up")
        self._world.database.up = True

    def bad_weather(self) -> None:
        random = self._random
        kinds = (
            Weather(lost=0.3),
            Weather(unknown=0.3),
            Weather(late=0.3),
            Weather(commit_s=(0.01, 0.5)),
            Weather(network_s=(0.01, 0.2), commit_s=(0.01, 0.1), lost=0.1, unknown=0.1, late=0.1),
        )
        weather = random.choice(kinds)
        self._world.note("weather", weather)
        self._world.database.weather = weather
        self._later(0.5, 4.0, self._fair_weather)

    def _fair_weather(self) -> None:
        self._world.database.weather = self._world.profile.weather

    def isolate(self) -> None:
        machine = self._machine()
        if machine is not None and machine.journal is not None:
            self._world.note("isolate", machine.name)
            machine.journal.reachable = False
            self._later(0.3, 5.0, self._reach, machine)

    def _reach(self, machine: Machine) -> None:
        if machine.journal is not None:
            self._world.note("reach", machine.name)
            machine.journal.reachable = True

    # The backplane

    def bad_roads(self) -> None:
        kinds = (Roads(dropped=0.3), Roads(doubled=0.3), Roads(reordered=0.3), Roads((0.0, 0.3), 0.1, 0.1, 0.1))
        roads = self._random.choice(kinds)
        self._world.note("roads", roads)
        self._world.exchange.roads = roads
        self._later(0.5, 4.0, self._good_roads)

    def _good_roads(self) -> None:
        self._world.exchange.roads = self._world.profile.roads

    # The network

    def cut(self) -> None:
        connection = self._connection()
        if connection is not None:
            self._world.note("cut")
            connection.cut(losing=self._random.random() < 0.5)

    def storm(self) -> None:
        self._world.note("storm")
        for browser in self._world.browsers:
            if browser.connection is not None and browser.inside:
                browser.connection.cut(losing=self._random.random() < 0.5)

    def half_open(self) -> None:
        connection = self._connection()
        if connection is not None:
            until = self._loop.time() + self._random.choice((1.0, 6.0, FOREVER))
            which = self._random.randrange(3)
            self._world.note("stall", until, which)
            connection.stall(up_until=until if which != 1 else 0.0, down_until=until if which != 2 else 0.0)

    def slow_reader(self) -> None:
        connection = self._connection()
        if connection is not None:
            self._world.note("unread")
            connection.reading = False


FAULTS: dict[str, Callable[[Nemesis], None]] = {
    name: getattr(Nemesis, name)
    for name in (
        "kill", "lose_power", "stop", "terminate", "wall", "steal", "database_down", "bad_weather", "isolate",
        "bad_roads", "cut", "storm", "half_open", "slow_reader",
    )
}  # fmt: skip
