"""The nodes of an installation, as one of them sees them by their heartbeats.

Rule: only this node's own monotonic clock counts. A node is dead to it when its heartbeat has stood still for long
enough while this node could read it; after a failed read everybody's time begins anew, so that a database that was away
makes nobody take anything over.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256

from momentum.realtime.journal.contract import Heartbeat, Node

READS = 3
"""So often at least a heartbeat must have been seen unchanged."""


@dataclass(slots=True)
class _Seen:
    node: Node
    count: int
    since_ms: int
    reads: int = 1


class Peers:
    """`known_dead`: nodes of which it is certain that they have ended, such as an earlier process of this one."""

    def __init__(self, own: Node, dead_ms: int, known_dead: Callable[[str], bool]) -> None:
        self._own = own
        self._dead_ms = dead_ms
        self._known_dead = known_dead
        self._seen: dict[str, _Seen] = {}
        self._dead: set[str] = set()

    def heard(self, heartbeats: Iterable[Heartbeat], mono_ms: int) -> None:
        """The latest heartbeats of all nodes, read just now."""
        before, self._seen = self._seen, {}
        for beat in heartbeats:
            seen = before.get(beat.node.id)
            if seen is None or seen.count != beat.count:
                seen = _Seen(beat.node, beat.count, mono_ms)
            else:
                seen.reads += 1
            self._seen[beat.node.id] = seen
        self._dead = {node_id for node_id, seen in self._seen.items() if self._stands(seen, mono_ms)}

    def interrupted(self) -> None:
        """The heartbeats could not be read."""
        self._seen = {node_id: _Seen(seen.node, -1, 0) for node_id, seen in self._seen.items()}
        self._dead = set()

    def is_dead(self, node_id: str) -> bool:
        """Whether whoever comes first may have the games of that node. Nobody's, and those of a node that has left no
        heartbeat, are to be had."""
        return node_id != self._own.id and (
            self._known_dead(node_id) or node_id in self._dead or node_id not in self._seen
        )

    def knows(self, node_id: str) -> bool:
        """Whether anything is known of that node: where not, it may have begun since the heartbeats were read."""
        return node_id in ("", self._own.id) or node_id in self._seen or self._known_dead(node_id)

    @property
    def dead(self) -> list[str]:
        """The nodes with a heartbeat that are dead."""
        return [node_id for node_id in self._seen if self.is_dead(node_id)]

    @property
    def others(self) -> list[Node]:
        """The other nodes that live."""
        return [
            seen.node for node_id, seen in self._seen.items() if node_id != self._own.id and not self.is_dead(node_id)
        ]

    def node(self, node_id: str) -> Node | None:
        seen = self._seen.get(node_id)
        return None if seen is None else seen.node

    def stood_ms(self, node_id: str, mono_ms: int) -> int:
        """For how long the node's heartbeat has stood still, as far as it is known."""
        seen = self._seen.get(node_id)
        return 0 if seen is None else mono_ms - seen.since_ms

    def place(self, game_id: str) -> int:
        """Where this node stands among those that live in who should take a game: 0 is first. All see one order."""
        own = _weight(self._own.id, game_id)
        return sum(_weight(other.id, game_id) > own for other in self.others)

    def _stands(self, seen: _Seen, mono_ms: int) -> bool:
        return seen.reads >= READS and mono_ms - seen.since_ms >= self._dead_ms


def _weight(node_id: str, game_id: str) -> bytes:
    return sha256(f"{node_id} {game_id}".encode()).digest()
