"""The clients of one game on this node. A room passes on and measures; it never decides.

Rule: a client hears nothing of its game before its own GAME_STATE.
"""

from momentum.backplane.contract import Backplane
from momentum.protocol import codec, to_client
from momentum.protocol.close_codes import CloseCode
from momentum.protocol.from_client import AnyFromClient
from momentum.realtime.admission import Admission
from momentum.realtime.client import Client
from momentum.realtime.messages import Attach, Detach, Dismissal, Envelope, Parcel, Request, Say
from momentum.realtime.timing import Timing

UNAVAILABLE = to_client.Error("unavailable", "The game is being restored. Try again in a moment.")


class Room:
    def __init__(self, game_id: str, backplane: Backplane[Request, Envelope], timing: Timing) -> None:
        self.game_id = game_id
        self._backplane = backplane
        self._timing = timing
        self._clients: dict[str, Client] = {}
        self._admitted: dict[str, Client] = {}
        self._by_user: dict[str, dict[str, Client]] = {}
        self._handed: dict[str, int] = {}
        self._epoch = 0
        self._stop_listening = backplane.listen(game_id, self._deliver)

    @property
    def empty(self) -> bool:
        return not self._clients

    def close(self) -> None:
        """Hear no more. Only for an empty room."""
        self._stop_listening()

    def enter(self, client: Client, admission: Admission) -> None:
        """Ask the game to let the client in; its GAME_STATE, or a refusal, comes back by itself."""
        self._clients[client.connection] = client
        self._by_user.setdefault(admission.user_id, {})[client.connection] = client
        asked = self._backplane.request(
            self.game_id,
            Attach(
                connection=client.connection,
                user_id=admission.user_id,
                username=admission.username,
                role=admission.role,
                generation=admission.generation,
            ),
        )
        if not asked:
            client.close(CloseCode.RESET)

    def leave(self, client: Client) -> None:
        if self._clients.pop(client.connection, None) is None:
            return
        self._admitted.pop(client.connection, None)
        others = self._by_user[client.user_id]
        del others[client.connection]
        if not others:
            del self._by_user[client.user_id]
        self._backplane.request(self.game_id, Detach(connection=client.connection))

    def hear(self, client: Client, message: AnyFromClient) -> None:
        """A client has said something, just now."""
        handed_at = self._handed.get(client.user_id)
        said = Say(
            connection=client.connection,
            message=message,
            measured_ms=None if handed_at is None else self._timing.mono_ms() - handed_at,
            credit_ms=client.credit_ms,
        )
        if not self._backplane.request(self.game_id, said):
            client.tell(codec.encode(UNAVAILABLE))

    def handed_over(self, client: Client) -> None:
        """The open question has gone to the client's transport. The first time counts, whatever socket comes later."""
        self._handed.setdefault(client.user_id, self._timing.mono_ms())

    def reset(self) -> None:
        """The game was taken anew: everybody comes back and gets it whole."""
        for client in tuple(self._clients.values()):
            client.close(CloseCode.RESET)

    def _deliver(self, envelope: Envelope) -> None:
        if envelope.epoch < self._epoch:
            return
        self._epoch = envelope.epoch
        for parcel in envelope.parcels:
            if isinstance(parcel, Dismissal):
                self._dismiss(parcel)
            else:
                self._pass_on(parcel)
        if envelope.state == "lost":
            self._pass_on(Parcel(content=codec.encode(to_client.GamePaused("storage", "The game is being restored."))))
        elif envelope.state == "closed":
            self._close_all(CloseCode.GAME_CLOSED)

    def _pass_on(self, parcel: Parcel) -> None:
        if parcel.opens:
            self._handed = {}
        for client in self._receivers(parcel):
            client.tell(parcel.content, opens=bool(parcel.opens), admits=parcel.admits)

    def _receivers(self, parcel: Parcel) -> tuple[Client, ...]:
        if parcel.connection:
            client = self._clients.get(parcel.connection)
            if client is None:
                return ()
            if parcel.admits:
                self._admitted[client.connection] = client
            return (client,)
        if parcel.user_id:
            mine = self._by_user.get(parcel.user_id, {})
            return tuple(client for client in mine.values() if client.connection in self._admitted)
        return tuple(self._admitted.values())

    def _dismiss(self, dismissal: Dismissal) -> None:
        client = self._clients.get(dismissal.connection)
        if client is not None:
            client.close(dismissal.why)

    def _close_all(self, why: CloseCode) -> None:
        for client in tuple(self._clients.values()):
            client.close(why)
