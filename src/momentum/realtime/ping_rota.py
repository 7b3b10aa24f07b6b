"""Whose turn it is to be pinged: everybody once in a round, spread over it, always at the same place."""

from momentum.realtime.client import Client
from momentum.realtime.timing import Repeating, Timing

TURN_MS = 250


class PingRota:
    """A round takes `every_ms`; a client's place in it is fixed while the client is here."""

    def __init__(self, timing: Timing, every_ms: int) -> None:
        turns = max(1, every_ms // TURN_MS)
        self._turns: list[set[Client]] = [set() for _ in range(turns)]
        self._turn_of: dict[Client, int] = {}
        self._now = 0
        self._clock = Repeating(timing, every_ms // turns, self._take_turn)

    def start(self) -> None:
        self._clock.start()

    def stop(self) -> None:
        self._clock.stop()

    def add(self, client: Client) -> None:
        """Ping the client a whole round from now, and then every round."""
        self._turn_of[client] = self._now
        self._turns[self._now].add(client)

    def remove(self, client: Client) -> None:
        turn = self._turn_of.pop(client, None)
        if turn is not None:
            self._turns[turn].discard(client)

    def _take_turn(self) -> None:
        self._now = (self._now + 1) % len(self._turns)
        for client in tuple(self._turns[self._now]):
            client.ping()
