"""Games whose owner is dead, or that were handed over: which of them this node should take, and when."""

from momentum.realtime.journal.contract import Journal, Whereabouts
from momentum.realtime.peers import Peers
from momentum.realtime.timing import Timing

LOOK_EVERY_MS = 1_000
TURN_MS = 300
"""By so much a node waits longer than the one before it in a game's order, so that not all of them try."""


class Orphans:
    def __init__(self, journal: Journal, peers: Peers, timing: Timing) -> None:
        self._journal = journal
        self._peers = peers
        self._timing = timing
        self._since: dict[str, int] = {}
        self._looked_ms: int | None = None

    async def due(self) -> list[Whereabouts]:
        """The games to take now; the database is asked where there may be some. Raises JournalUnavailable."""
        now = self._timing.mono_ms()
        if not (self._since or self._peers.dead or self._looked_ms is None or now - self._looked_ms >= LOOK_EVERY_MS):
            return []
        self._looked_ms = now
        games = [game for game in await self._journal.open_games() if self._peers.is_dead(game.node)]
        self._since = {game.game_id: self._since.get(game.game_id, now) for game in games}
        return [game for game in games if now - self._since[game.game_id] >= TURN_MS * self._peers.place(game.game_id)]

    async def bury(self) -> None:
        """Drop the dead nodes that own nothing any more. Raises JournalUnavailable."""
        for node_id in self._peers.dead:
            await self._journal.forget(node_id)
