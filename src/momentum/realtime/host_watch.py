"""What keeps a game from waiting for ever: for a host who is gone, the end of a pause, players who never come."""

from momentum.game import commands
from momentum.game.model import Game
from momentum.game.phases import Phase

HOST_AWAY_MS = 60_000
WAITING_ROOM_MS = 30 * 60_000
HOST_IDLE_MS = 30 * 60_000
READING_MS = 6_000
"""Without a host too, a reveal stays long enough to be read."""


class HostWatch:
    """Real time, not the game's: a paused game's clock stands still. All instants are monotonic milliseconds."""

    def __init__(self, mono_ms: int) -> None:
        self._host_seen = mono_ms
        self._standing: tuple[object, ...] = ()
        self._standing_since = mono_ms

    def due(self, game: Game, mono_ms: int, *, host_present: bool) -> commands.Command | None:
        """The command that gets a waiting game going again; None: nothing waits too long."""
        if host_present:
            self._host_seen = mono_ms
        self._note_movement(game, mono_ms)
        if game.phase is Phase.LOBBY:
            return commands.Expire() if mono_ms - self._host_seen >= WAITING_ROOM_MS else None
        waits_for_host = game.paused or (game.phase is Phase.REVEAL and game.next_at is None)
        return commands.CarryOn(after=game.number) if waits_for_host and self._too_long(mono_ms) else None

    def _too_long(self, mono_ms: int) -> bool:
        stood = mono_ms - self._standing_since
        host_gone = mono_ms - self._host_seen >= HOST_AWAY_MS
        return stood >= HOST_IDLE_MS or (host_gone and stood >= READING_MS)

    def _note_movement(self, game: Game, mono_ms: int) -> None:
        standing = (game.phase, game.number, game.paused)
        if standing != self._standing:
            self._standing, self._standing_since = standing, mono_ms
