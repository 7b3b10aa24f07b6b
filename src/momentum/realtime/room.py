"""The clients of one game on this node. A room passes on and measures; it never decides.

Rule: a client hears nothing of its game before its own GAME_STATE, and nothing after a gap before the next one.
"""

import msgspec

from momentum.backplane.contract import Backplane
from momentum.protocol import codec, to_client
from momentum.protocol.close_codes import CloseCode
from momentum.protocol.from_client import AnyFromClient, SubmitAnswer
from momentum.realtime.admission import Admission
from momentum.realtime.client import Client
from momentum.realtime.messages import Attach, Detach, Dismissal, Envelope, Parcel, Request, Say
from momentum.realtime.sequence import Sequence
from momentum.realtime.timing import Timer, Timing

GAP_MS = 200
"""How long what is missing may still come, before everybody here gets the game whole again."""
ASK_AGAIN_MS = 2_000

UNAVAILABLE = to_client.Error("unavailable", "The game is being restored. Try again in a moment.")


class Room:
    def __init__(self, game_id: str, backplane: Backplane[Request, Envelope], timing: Timing) -> None:
        self.game_id = game_id
        self._backplane = backplane
        self._timing = timing
        self._clients: dict[str, Client] = {}
        self._asked: dict[str, Attach] = {}
        self._admitted: dict[str, Client] = {}
        self._by_user: dict[str, dict[str, Client]] = {}
        self._handed: dict[str, int] = {}
        self._sequence: Sequence | None = None
        self._catching_up: Timer | None = None
        self._asking: Timer | None = None
        self._stop_listening = backplane.listen(game_id, self._deliver)

    @property
    def empty(self) -> bool:
        return not self._clients

    def close(self) -> None:
        """Hear no more. Only for an empty room."""
        if self._asking is not None:
            self._asking.cancel()
        self._stop_listening()

    def enter(self, client: Client, admission: Admission) -> None:
        """Ask the game to let the client in; its GAME_STATE, or a refusal, comes back by itself."""
        self._clients[client.connection] = client
        self._by_user.setdefault(admission.user_id, {})[client.connection] = client
        asked = self._asked[client.connection] = Attach(
            connection=client.connection,
            user_id=admission.user_id,
            username=admission.username,
            role=admission.role,
            generation=admission.generation,
        )
        self._ask(client, asked)

    def leave(self, client: Client) -> None:
        if self._clients.pop(client.connection, None) is None:
            return
        self._admitted.pop(client.connection, None)
        del self._asked[client.connection]
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
            question_id = message.question_id if isinstance(message, SubmitAnswer) else None
            client.tell(codec.encode(msgspec.structs.replace(UNAVAILABLE, question_id=question_id)))

    def handed_over(self, client: Client) -> None:
        """The open question has gone to the client's transport. The first time counts, whatever socket comes later."""
        self._handed.setdefault(client.user_id, self._timing.mono_ms())

    def reset(self) -> None:
        """The game was taken anew: everybody comes back and gets it whole."""
        self._sequence = None
        self._close_all(CloseCode.RESET)

    def send_on(self, url: str) -> None:
        """The game is served at another address."""
        moved = codec.encode(to_client.GameMoved(url))
        for client in tuple(self._clients.values()):
            client.tell(moved)
            client.close(CloseCode.MOVED)

    # The way to the hub

    def _ask(self, client: Client, attach: Attach) -> None:
        if not self._backplane.request(self.game_id, attach):
            client.close(CloseCode.RESET)
        elif self._asking is None:
            self._asking = self._timing.call_later(ASK_AGAIN_MS, self._ask_again)

    def _ask_again(self) -> None:
        """For those who still wait for their GAME_STATE: what was asked, or the answer, may be lost."""
        self._asking = None
        for connection, client in tuple(self._clients.items()):
            if connection not in self._admitted and not client.closed:
                self._ask(client, self._asked[connection])

    # The way from the hub

    def _deliver(self, envelope: Envelope) -> None:
        if self._sequence is not None and envelope.epoch > self._sequence.epoch:
            self.reset()
        if self._sequence is None:
            self._sequence = Sequence(envelope)
        if envelope.epoch < self._sequence.epoch:
            return
        for ready in self._sequence.receive(envelope):
            self._hear_of(ready)
        if self._sequence.missing and self._catching_up is None:
            self._catching_up = self._timing.call_later(GAP_MS, self._catch_up)

    def _catch_up(self) -> None:
        self._catching_up = None
        if self._sequence is None or not self._sequence.missing:
            return
        self._sequence.skip()
        behind, self._admitted = self._admitted, {}
        for connection, client in behind.items():
            self._asked[connection] = msgspec.structs.replace(self._asked[connection], again=True)
            self._ask(client, self._asked[connection])

    def _hear_of(self, envelope: Envelope) -> None:
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
            if client is None or (self._is_behind(client) and not parcel.admits):
                return ()
            if parcel.admits:
                self._admitted[client.connection] = client
            return (client,)
        if parcel.user_id:
            mine = self._by_user.get(parcel.user_id, {})
            return tuple(client for client in mine.values() if client.connection in self._admitted)
        return tuple(self._admitted.values())

    def _is_behind(self, client: Client) -> bool:
        """It was in, and waits for the whole game since something was missing."""
        return client.connection not in self._admitted and self._asked[client.connection].again

    def _dismiss(self, dismissal: Dismissal) -> None:
        client = self._clients.get(dismissal.connection)
        if client is not None:
            client.close(dismissal.why)

    def _close_all(self, why: CloseCode) -> None:
        for client in tuple(self._clients.values()):
            client.close(why)
