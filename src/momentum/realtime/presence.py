"""Who is there. Never journaled: a new writer gives everybody the same grace that a dropped socket has."""

GRACE_MS = 5_000


class Presence:
    """The sockets of one game, by connection, on whatever node.

    `user_id in presence`: has a socket, or lost the last one less than GRACE_MS ago. `connected` is the plain fact.
    """

    def __init__(self, mono_ms: int) -> None:
        self.now_ms = mono_ms
        self._grace_until = mono_ms + GRACE_MS
        self._connections: dict[str, set[str]] = {}
        self._gone_at: dict[str, int] = {}

    def __contains__(self, user_id: object) -> bool:
        if user_id in self._connections or self.now_ms < self._grace_until:
            return True
        gone_at = self._gone_at.get(user_id) if isinstance(user_id, str) else None
        return gone_at is not None and self.now_ms < gone_at + GRACE_MS

    @property
    def connected(self) -> dict[str, set[str]]:
        """The connections of each user who has any."""
        return self._connections

    def add(self, user_id: str, connection: str) -> bool:
        """True if the user had no socket before."""
        self._gone_at.pop(user_id, None)
        first = user_id not in self._connections
        self._connections.setdefault(user_id, set()).add(connection)
        return first

    def remove(self, user_id: str, connection: str) -> bool:
        """True if that was the user's last socket."""
        connections = self._connections.get(user_id)
        if not connections or connection not in connections:
            return False
        connections.remove(connection)
        if connections:
            return False
        del self._connections[user_id]
        self._gone_at[user_id] = self.now_ms
        return True

    def expire(self) -> None:
        """Forget those whose grace is over."""
        self._gone_at = {user_id: at for user_id, at in self._gone_at.items() if self.now_ms < at + GRACE_MS}
