"""The warning before the disk is full."""

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from momentum.realtime.disk_watch import LOOK_EVERY_MS, LOW_BYTES, RECOVERED_BYTES, DiskWatch

from .fakes import FakeTiming


class Disk:
    """`free`: bytes; None: it cannot be asked."""

    def __init__(self) -> None:
        self.free: int | None = RECOVERED_BYTES
        self.timing = FakeTiming()
        self.watch = DiskWatch(self.timing, self.free_bytes)

    def free_bytes(self) -> int:
        if self.free is None:
            raise OSError("gone")
        return self.free

    async def goes_through(self, *free: int | None) -> list[str]:
        """What is warned of while so much is free, for a while each."""
        with capture_logs() as logs:
            for self.free in free:
                await self.timing.advance(3 * LOOK_EVERY_MS)
        return [line["event"] for line in logs]


@pytest.fixture
def disk() -> Disk:
    disk = Disk()
    disk.watch.start()
    return disk


async def test_a_disk_that_is_nearly_full_is_warned_of_once(disk: Disk) -> None:
    assert await disk.goes_through(LOW_BYTES) == []
    assert await disk.goes_through(LOW_BYTES - 1, LOW_BYTES // 2, 0) == ["disk_nearly_full"]


async def test_it_is_warned_of_again_after_it_has_recovered_and_not_for_each_byte(disk: Disk) -> None:
    around = [LOW_BYTES - 1, LOW_BYTES, RECOVERED_BYTES - 1] * 3
    assert await disk.goes_through(*around) == ["disk_nearly_full"]
    assert await disk.goes_through(RECOVERED_BYTES, LOW_BYTES - 1) == ["disk_nearly_full"]


async def test_a_node_that_starts_on_a_full_disk_says_so_at_once() -> None:
    disk = Disk()
    disk.free = 0
    with capture_logs() as logs:
        disk.watch.start()
    assert [line["event"] for line in logs] == ["disk_nearly_full"]


async def test_how_much_is_free_can_be_watched(disk: Disk) -> None:
    await disk.goes_through(123)
    assert REGISTRY.get_sample_value("momentum_disk_free_bytes", {"directory": "data"}) == 123


async def test_a_disk_that_cannot_be_asked_stops_nothing(disk: Disk) -> None:
    assert set(await disk.goes_through(None)) == {"disk_not_looked_at"}
    assert await disk.goes_through(0) == ["disk_nearly_full"]


async def test_nothing_is_looked_at_after_the_end(disk: Disk) -> None:
    disk.watch.stop()
    assert await disk.goes_through(0) == []
    assert disk.timing.waiting == 0
