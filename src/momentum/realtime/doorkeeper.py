"""Who is inside a game: its sockets by connection, whose they are, and which of them a newcomer replaces."""

from dataclasses import dataclass

from momentum.game import commands
from momentum.game.model import Game
from momentum.game.outcome import Rejection, RejectionCode
from momentum.protocol.close_codes import CloseCode
from momentum.protocol.snapshot import Receiver
from momentum.protocol.tickets import Keys, mint_resume
from momentum.protocol.to_client import Role
from momentum.realtime.limits import Bucket
from momentum.realtime.messages import Attach
from momentum.realtime.presence import Presence

MAX_SOCKETS: dict[Role, int] = {"host": 3, "screen": 5}
"""Of those who have no seat, per game; one more replaces the oldest."""

ARRIVALS = 20
ARRIVALS_PER_S = 2
"""How often somebody may come to a game: every arrival at a seat is an entry in the journal."""

_CLOSE_CODES: dict[RejectionCode, CloseCode] = {
    "bad_token": CloseCode.NOT_ADMITTED,
    "game_over": CloseCode.GAME_CLOSED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Insider:
    """`last`: true on leaving, if it was the user's last socket."""

    user_id: str
    username: str
    role: Role
    last: bool = False


def close_code(rejection: Rejection) -> CloseCode:
    """How to close a socket that is not let in."""
    return _CLOSE_CODES.get(rejection.code, CloseCode.REMOVED)


class Doorkeeper:
    """Keeps the sockets of one game; changes nothing in the game itself."""

    def __init__(self, game: Game, presence: Presence, keys: Keys) -> None:
        self._game = game
        self._presence = presence
        self._keys = keys
        self._inside: dict[str, Insider] = {}
        self._arrivals: dict[str, Bucket] = {}

    def insider(self, connection: str) -> Insider | None:
        return self._inside.get(connection)

    @property
    def host_present(self) -> bool:
        return any(user_id in self._presence.connected for user_id in self._game.hosts)

    def too_often(self, request: Attach) -> bool:
        """Whether the user has come too often lately. Asking counts."""
        now = self._presence.now_ms
        arrivals = self._arrivals.get(request.user_id)
        if arrivals is None:
            arrivals = self._arrivals[request.user_id] = Bucket(ARRIVALS_PER_S, ARRIVALS, now)
        return not arrivals.take(now)

    def takes_seat(self, request: Attach) -> bool:
        return request.role == "player" or (request.role == "host" and self._game.settings.host_plays)

    def stale(self, request: Attach) -> bool:
        """Whether a resume token of somebody without a seat is no longer good; for seats the rules decide."""
        return request.generation is not None and request.generation < self._game.generations.get(request.user_id, 0)

    def seat_command(self, request: Attach) -> commands.Join:
        return commands.Join(user_id=request.user_id, username=request.username, generation=request.generation)

    def let_in(self, request: Attach) -> tuple[bool, list[str]]:
        """(whether the user had no socket before, the connections that this one replaces)."""
        first = self._presence.add(request.user_id, request.connection)
        replaced = self._replaced(request)
        self._inside[request.connection] = Insider(
            user_id=request.user_id, username=request.username, role=request.role
        )
        return first, replaced

    def let_out(self, connection: str) -> Insider | None:
        """Who that was; None if the connection was not inside."""
        who = self._inside.pop(connection, None)
        if who is None:
            return None
        last = self._presence.remove(who.user_id, connection)
        return Insider(user_id=who.user_id, username=who.username, role=who.role, last=last)

    def connections_of(self, user_id: str) -> list[str]:
        return [connection for connection in self._presence.connected.get(user_id, ()) if connection in self._inside]

    def receiver(self, connection: str, unix_s: int) -> Receiver:
        """Who gets GAME_STATE at `connection`, with a fresh way back."""
        who = self._inside[connection]
        token = mint_resume(
            self._keys,
            sub=who.user_id,
            username=who.username,
            game_id=self._game.id,
            role=who.role,
            generation=self._game.generations.get(who.user_id, 0) + 1,
            at=unix_s,
        )
        return Receiver(user_id=who.user_id, username=who.username, role=who.role, resume_token=token)

    def _replaced(self, request: Attach) -> list[str]:
        if self.takes_seat(request):
            return [other for other in self.connections_of(request.user_id) if self._inside[other].role != "screen"]
        alike = [connection for connection, who in self._inside.items() if who.role == request.role]
        return alike[: max(0, len(alike) + 1 - MAX_SOCKETS[request.role])]
