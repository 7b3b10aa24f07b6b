"""Two nodes of one installation, over fakes."""

from collections.abc import Callable
from dataclasses import dataclass

from momentum.game.events import GameTaken
from momentum.realtime.lease import Lease
from momentum.realtime.orphans import TURN_MS

from .fakes import FakeTiming
from .games import GAME
from .house import House

LEASE = Lease()
TAKEN_MS = LEASE.dead_ms + 2 * LEASE.beat_ms + TURN_MS
"""So long after its owner's last heartbeat a game has a new owner at the latest."""


@dataclass
class Town:
    """Two nodes on one journal, each with a way to it of its own. A game begins on `one`."""

    one: House
    two: House

    @property
    def timing(self) -> FakeTiming:
        return self.one.timing

    async def advance(self, ms: int) -> None:
        await self.timing.advance(ms)

    async def until(self, holds: Callable[[], bool], within_ms: int) -> int:
        """Let time pass until it holds; how many milliseconds that was."""
        began = self.timing.mono_ms()
        while not holds():
            assert self.timing.mono_ms() - began < within_ms, "it does not come to hold"
            await self.advance(10)
        return self.timing.mono_ms() - began

    def writers(self, game_id: str = GAME) -> list[str]:
        """The nodes that have written the game, in order."""
        return [event.node for event in self.one.journal.events(game_id) if isinstance(event, GameTaken)]
