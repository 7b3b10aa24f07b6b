"""What goes wrong in a simulation, and how often."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from momentum.realtime.lease import ALONE, Lease

from .backplane import Roads
from .database import Weather

NO_FENCE = Lease(fence_ms=10**9)
"""A node that believes in itself whatever happens: safety must hold without any lease."""

EVERYTHING = {
    "kill": 3, "stop": 3, "terminate": 2, "lose_power": 1, "wall": 2, "steal": 1,
    "database_down": 2, "bad_weather": 3, "isolate": 2,
    "cut": 4, "storm": 1, "half_open": 2, "slow_reader": 1,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Profile:
    """`faults`: the nemesis' acts and their weights. `every_s`: between two of them, on average. `lasts_s`: how long it
    goes on."""

    name: str
    faults: Mapping[str, int]
    nodes: int = 3
    every_s: float = 1.2
    lasts_s: float = 9.0
    lease: Lease = field(default_factory=Lease)
    relays: bool = False
    weather: Weather = field(default_factory=Weather)
    roads: Roads = field(default_factory=Roads)


PROFILES = {
    profile.name: profile
    for profile in (
        Profile(name="calm", faults={}, lasts_s=1.0),
        Profile(name="kill", faults={"kill": 1}, every_s=4.0, lasts_s=12.0),
        Profile(name="processes", faults={"kill": 3, "stop": 4, "terminate": 3, "lose_power": 1}),
        Profile(name="database", faults={"database_down": 3, "bad_weather": 4, "isolate": 3, "kill": 1}),
        Profile(
            name="network", faults={"cut": 6, "storm": 2, "half_open": 3, "slow_reader": 2, "kill": 1}, every_s=0.6
        ),
        Profile(name="clocks", faults={"wall": 4, "kill": 2, "stop": 2, "cut": 2}),
        Profile(name="two_owners", faults={"steal": 5, "stop": 2, "bad_weather": 2, "cut": 2}, lease=NO_FENCE),
        Profile(name="backplane", faults={"bad_roads": 4, "cut": 2, "kill": 1, "stop": 1}, relays=True),
        Profile(
            name="alone",
            faults={"kill": 4, "terminate": 2, "stop": 2, "database_down": 2, "bad_weather": 3, "cut": 2},
            nodes=1,
            lease=ALONE,
        ),
        Profile(name="everything", faults=EVERYTHING, every_s=0.7),
        Profile(name="across", faults=EVERYTHING | {"bad_roads": 3}, every_s=0.7, relays=True),
    )
}
