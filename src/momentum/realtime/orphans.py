"""Games whose owner is dead, or that were handed over: which of them this node should take, and when."""

from momentum.realtime.journal.contract import Journal, Whereabouts
from momentum.realtime.membership import Membership
from momentum.realtime.timing import Timing

LOOK_EVERY_MS = 1_000
TURN_MS = 300
"""By so much a node waits longer than the one before it in a game's order, so that not all of them try."""


class Orphans:
    def __init__(self, journal: Journal, membership: Membership, timing: Timing) -> None:
        self._journal = journal
        self._membership = membership
        self._peers = membership.peers
        self._timing = timing
        self._since: dict[str, int] = {}
        self._looked_ms: int | None = None

    @property
    def expected(self) -> bool:
        """Whether it is time to look for some."""
        waited_ms = None if self._looked_ms is None else self._timing.mono_ms() - self._looked_ms
        return bool(self._since or self._peers.dead) or waited_ms is None or waited_ms >= LOOK_EVERY_MS

    async def due(self, open_games: list[Whereabouts]) -> list[Whereabouts]:
        """The games to take now, of all that were open just now. Raises JournalUnavailable."""
        now = self._looked_ms = self._timing.mono_ms()
        games = [game for game in open_games if await self._membership.is_dead(game.node)]
        self._since = {game.game_id: self._since.get(game.game_id, now) for game in games}
        return [game for game in games if now - self._since[game.game_id] >= TURN_MS * self._peers.place(game.game_id)]

    async def bury(self) -> None:
        """Drop the dead nodes that own nothing any more. Raises JournalUnavailable."""
        for node_id in self._peers.dead:
            await self._journal.forget(node_id)
