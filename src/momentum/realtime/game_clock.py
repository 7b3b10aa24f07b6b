"""A game's clock: milliseconds that pass only while the game has a writer and is not paused."""


class GameClock:
    """Reads `at` from the node's monotonic clock. `mono_ms` is handed in everywhere."""

    def __init__(self, at: int, mono_ms: int, *, running: bool) -> None:
        self._at = at
        self._since = mono_ms if running else None

    def at(self, mono_ms: int) -> int:
        """The game's time now; never less than before."""
        if self._since is not None and mono_ms > self._since:
            self._at += mono_ms - self._since
            self._since = mono_ms
        return self._at

    def stop(self, mono_ms: int) -> None:
        self.at(mono_ms)
        self._since = None

    def run(self, mono_ms: int) -> None:
        if self._since is None:
            self._since = mono_ms
