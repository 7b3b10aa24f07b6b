"""The rooms of one node, made when the first client comes and let go when the last one leaves."""

from momentum.backplane.contract import Backplane
from momentum.realtime.messages import Envelope, Request
from momentum.realtime.room import Room
from momentum.realtime.timing import Timing


class Rooms:
    def __init__(self, backplane: Backplane[Request, Envelope], timing: Timing) -> None:
        self._backplane = backplane
        self._timing = timing
        self._rooms: dict[str, Room] = {}

    def enter(self, game_id: str) -> Room:
        """The game's room."""
        room = self._rooms.get(game_id)
        if room is None:
            room = self._rooms[game_id] = Room(game_id, self._backplane, self._timing)
        return room

    def left(self, game_id: str) -> None:
        """A client has left: an empty room closes."""
        room = self._rooms.get(game_id)
        if room is not None and room.empty:
            room.close()
            del self._rooms[game_id]

    def reset(self, game_id: str) -> None:
        """The game was taken anew."""
        room = self._rooms.get(game_id)
        if room is not None:
            room.reset()

    def send_on(self, game_id: str, url: str) -> None:
        """The game is served at another address."""
        room = self._rooms.get(game_id)
        if room is not None:
            room.send_on(url)
