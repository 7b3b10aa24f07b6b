"""The backplane of a single node."""

import pytest

from momentum.backplane.memory import MemoryBackplane

from .backplane_contract import BackplaneContract

GAMES = [str(number) for number in range(100)]


@pytest.fixture
def backplane() -> MemoryBackplane[str, str]:
    return MemoryBackplane()


class TestMemoryBackplane(BackplaneContract):
    async def settled(self) -> None:
        """It delivers at once."""

    async def test_it_keeps_nothing_of_games_that_are_gone(self, backplane: MemoryBackplane[str, str]) -> None:
        stops = [backplane.serve(game, ignore) for game in GAMES] + [backplane.listen(game, ignore) for game in GAMES]
        for stop in stops:
            stop()
        assert backplane._hubs == {}
        assert backplane._listeners == {}


def ignore(_said: str) -> None:
    pass
