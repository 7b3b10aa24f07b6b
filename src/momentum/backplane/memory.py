"""The backplane of a single node: plain calls."""

from collections.abc import Callable
from typing import Generic, TypeVar

from momentum.backplane.contract import Stop

R = TypeVar("R")
E = TypeVar("E")


class MemoryBackplane(Generic[R, E]):
    """Delivers at once, in the caller's own turn; loses nothing."""

    def __init__(self) -> None:
        self._hubs: dict[str, Callable[[R], None]] = {}
        self._listeners: dict[str, list[Callable[[E], None]]] = {}

    def serve(self, game_id: str, handle: Callable[[R], None]) -> Stop:
        self._hubs[game_id] = handle
        return lambda: self._stop_serving(game_id, handle)

    def request(self, game_id: str, request: R) -> bool:
        handle = self._hubs.get(game_id)
        if handle is None:
            return False
        handle(request)
        return True

    def listen(self, game_id: str, deliver: Callable[[E], None]) -> Stop:
        self._listeners.setdefault(game_id, []).append(deliver)
        return lambda: self._stop_listening(game_id, deliver)

    def publish(self, game_id: str, envelope: E) -> None:
        for deliver in tuple(self._listeners.get(game_id, ())):
            deliver(envelope)

    def _stop_serving(self, game_id: str, handle: Callable[[R], None]) -> None:
        if self._hubs.get(game_id) == handle:
            del self._hubs[game_id]

    def _stop_listening(self, game_id: str, deliver: Callable[[E], None]) -> None:
        listeners = self._listeners.get(game_id, [])
        if deliver in listeners:
            listeners.remove(deliver)
        if not listeners:
            self._listeners.pop(game_id, None)
