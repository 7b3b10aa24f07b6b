from typing import Any, cast

from momentum.realtime.ping_rota import PingRota

from .fakes import FakeTiming


class Pinged:
    """Stands where a client would, and notes when it is pinged."""

    def __init__(self, timing: FakeTiming) -> None:
        self.timing = timing
        self.at: list[int] = []

    def ping(self) -> None:
        self.at.append(self.timing.mono_ms())


async def test_everybody_is_pinged_once_a_round_whoever_comes_and_goes() -> None:
    timing = FakeTiming()
    rota = PingRota(timing, 9_000)
    rota.start()
    steady = Pinged(timing)
    rota.add(cast(Any, steady))
    came_at = timing.mono_ms()
    for _ in range(30):
        passing = Pinged(timing)
        rota.add(cast(Any, passing))
        await timing.advance(1_000)
        rota.remove(cast(Any, passing))
    assert [at - came_at for at in steady.at] == [9_000, 18_000, 27_000]
    rota.stop()


async def test_who_has_left_is_not_pinged() -> None:
    timing = FakeTiming()
    rota = PingRota(timing, 9_000)
    rota.start()
    gone = Pinged(timing)
    rota.add(cast(Any, gone))
    rota.remove(cast(Any, gone))
    rota.remove(cast(Any, gone))
    await timing.advance(20_000)
    assert gone.at == []
    rota.stop()
