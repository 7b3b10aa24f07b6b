"""One socket: what it may send, how often, how long it may be silent; what it is told, numbered."""

import secrets
from collections.abc import Callable
from typing import Protocol

from momentum.protocol import codec, to_client
from momentum.protocol.close_codes import CloseCode
from momentum.protocol.from_client import AnyFromClient, Authenticate, Ping
from momentum.realtime import metrics
from momentum.realtime.admission import Admission
from momentum.realtime.limits import Bucket, Limits
from momentum.realtime.outbox import Flusher, Outbox
from momentum.realtime.round_trips import RoundTrips
from momentum.realtime.timing import Timing


class Transport(Protocol):
    """A WebSocket connection, as a client needs it."""

    def write(self, data: bytes) -> None: ...

    def ping(self, payload: bytes) -> None: ...

    def close(self, code: int, reason: str) -> None: ...


class Place(Protocol):
    """Where an admitted client is: its room."""

    def enter(self, client: "Client", admission: Admission) -> None: ...

    def hear(self, client: "Client", message: AnyFromClient) -> None: ...

    def leave(self, client: "Client") -> None: ...

    def handed_over(self, client: "Client") -> None: ...


class Client:
    """`authenticate`: called with the token of an AUTHENTICATE message."""

    def __init__(
        self,
        transport: Transport,
        *,
        game_id: str,
        flusher: Flusher,
        timing: Timing,
        limits: Limits,
        authenticate: "Callable[[Client, str], None]",
    ) -> None:
        self.connection = secrets.token_hex(8)
        self.user_id = ""
        self.game_id = game_id
        self.closed = False
        self._transport = transport
        self._timing = timing
        self._authenticate = authenticate
        self._early: list[AnyFromClient] | None = None
        self._welcome = False
        self._outbox = Outbox(transport, flusher)
        self._bucket = Bucket(limits.messages_per_s, limits.burst, timing.mono_ms())
        self._patience_us = limits.ping_every_ms * 1000 // 2
        self._round_trips = RoundTrips()
        self._room: Place | None = None
        self._role = ""
        self._seq = 0

    @property
    def credit_ms(self) -> int:
        return self._round_trips.credit_ms

    @property
    def admitted(self) -> bool:
        return self._room is not None

    def admit(self, room: Place, admission: Admission) -> None:
        """The token is good: from now on the client's messages go to its room, those so far after its GAME_STATE."""
        self._room, self.user_id, self._role = room, admission.user_id, admission.role
        self._early = self._early or []
        metrics.SOCKETS.labels(role=self._role).inc()
        metrics.ADMISSIONS.labels(by=admission.by).inc()
        self.ping()
        room.enter(self, admission)

    def authenticate(self, token: str) -> None:
        """Ask in with a token; what is said from now on waits for the GAME_STATE."""
        self._early = []
        self._authenticate(self, token)

    def receive(self, payload: bytes) -> None:
        """A whole text message has come."""
        metrics.MESSAGES_IN.inc()
        if not self.may_speak():
            return
        try:
            message = codec.decode(payload)
        except codec.BadMessage as bad:
            return self._refuse(payload, bad)
        self._act(message)

    def may_speak(self) -> bool:
        """Whether one more frame may be heard, which counts. Too many of them close the socket."""
        if not self.closed and not self._bucket.take(self._timing.mono_ms()):
            self.close(CloseCode.TOO_MANY_MESSAGES)
        return not self.closed

    def tell(self, content: codec.Encoded, *, opens: bool = False, admits: bool = False) -> None:
        """Send a message. `opens`: it opens a question, so its hand-over is measured. `admits`: it is the GAME_STATE
        that lets the client in."""
        if self.closed:
            return
        self._seq += 1
        if opens:
            self._outbox.written = self._handed_over
        self._outbox.put(content.for_receiver(self.user_id, self._seq))
        if admits:
            self._timing.call_soon(self._welcomed)

    def close(self, why: CloseCode) -> None:
        """Say what is left to say, then why the socket closes."""
        if self.closed:
            return
        metrics.CLOSES.labels(code=why.code).inc()
        self._outbox.flush()
        self.closed = True
        self._transport.close(why.code, why.reason)

    def disconnected(self) -> None:
        """The socket is gone."""
        self.closed = True
        room, self._room = self._room, None
        if room is not None:
            metrics.SOCKETS.labels(role=self._role).dec()
            room.leave(self)

    def ping(self) -> None:
        """Ask for a sign of life, unless the last ping is still on its way; close if it has been for too long."""
        now = self._timing.mono_us()
        if self._round_trips.waited_us(now) >= self._patience_us:
            self.close(CloseCode.NO_PONG)
        elif not self.closed and not self._round_trips.waiting:
            self._transport.ping(self._round_trips.ping(now))

    def ponged(self, payload: bytes) -> None:
        if not self._round_trips.pong(payload, self._timing.mono_us()):
            self.may_speak()
        elif self._round_trips.warming_up:
            self.ping()

    def _welcomed(self) -> None:
        early, self._early, self._welcome = self._early or [], [], True
        for message in early:
            if not self.closed:
                self._act(message)

    def _act(self, message: AnyFromClient) -> None:
        if isinstance(message, Authenticate):
            if self._early is not None:
                return self.close(CloseCode.BAD_MESSAGE)
            self.authenticate(message.token)
        elif self._early is None:
            self.close(CloseCode.NOT_ADMITTED)
        elif not self._welcome or self._room is None:
            self._early.append(message)
        elif isinstance(message, Ping):
            self.tell(codec.encode(to_client.Pong()))
        else:
            self._room.hear(self, message)

    def _refuse(self, payload: bytes, bad: codec.BadMessage) -> None:
        try:
            payload.decode()
        except UnicodeDecodeError:
            return self.close(CloseCode.BAD_TEXT)
        if not self._welcome:
            return self.close(CloseCode.BAD_MESSAGE)
        metrics.ERRORS.labels(code=bad.code).inc()
        self.tell(codec.encode(to_client.Error(bad.code, str(bad))))

    def _handed_over(self) -> None:
        self._outbox.written = None
        if self._room is not None:
            self._room.handed_over(self)
