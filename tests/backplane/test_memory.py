"""The backplane of a single node."""

import pytest

from momentum.backplane.memory import MemoryBackplane

from .backplane_contract import BackplaneContract


@pytest.fixture
def backplane() -> MemoryBackplane[str, str]:
    return MemoryBackplane()


class TestMemoryBackplane(BackplaneContract):
    async def settled(self) -> None:
        """It delivers at once."""

    async def test_it_keeps_nothing_of_games_that_are_gone(self, backplane: MemoryBackplane[str, str]) -> None:
        stops = [stop for game in map(str, range(100)) for stop in (_serve(backplane, game), _listen(backplane, game))]
        for stop in stops:
            stop()
        assert backplane._hubs == {}
        assert backplane._listeners == {}


def _serve(backplane: MemoryBackplane[str, str], game: str):  # type: ignore[no-untyped-def]
    return backplane.serve(game, lambda request: None)


def _listen(backplane: MemoryBackplane[str, str], game: str):  # type: ignore[no-untyped-def]
    return backplane.listen(game, lambda envelope: None)
