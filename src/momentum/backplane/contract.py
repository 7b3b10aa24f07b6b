"""The contract of a backplane. R: what rooms ask of hubs; E: what hubs tell rooms. Neither is looked into here."""

from collections.abc import Callable
from typing import Protocol, TypeVar

R = TypeVar("R")
E = TypeVar("E")

Stop = Callable[[], None]


class Backplane(Protocol[R, E]):
    """Delivery is in order per game, at most once, and may lose: who needs more notices gaps and asks again."""

    def serve(self, game_id: str, handle: Callable[[R], None]) -> Stop:
        """Be the one that requests for the game go to, until `Stop` is called."""
        ...

    def request(self, game_id: str, request: R) -> bool:
        """Ask the game's hub. False: nobody serves the game at the moment."""
        ...

    def listen(self, game_id: str, deliver: Callable[[E], None]) -> Stop:
        """Hear every envelope of the game, until `Stop` is called."""
        ...

    def publish(self, game_id: str, envelope: E) -> None:
        """Tell every listener of the game."""
        ...
