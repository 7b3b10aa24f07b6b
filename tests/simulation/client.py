"""A page in a browser that plays, or hosts, one game: connection.js around the player that bots have."""

import asyncio
from collections.abc import Callable
from random import Random
from typing import Protocol

import msgspec
from tests.realtime.fakes import Message

from momentum.protocol.close_codes import CloseCode
from momentum.wiring.bots.player import Player

from .loop import VirtualLoop
from .network import ABNORMAL, Connection

FIRST_BACKOFF_S = 0.25
LAST_BACKOFF_S = 5.0
BACKOFF_GROWTH = 1.3
PING_S = 10.0
SILENCE_S = 15.0
OPENING_S = 6.0
MOVED_BACKOFF_S = 0.25
"""A node that answers knows where the game is, or will within a second or two: no reason to stay away for long."""
STABLE_S = 0.5
RELOAD_S = 2.0
"""A page that was turned away for good, though the game goes on: so long until a person loads it again."""

_FINAL = {close.code for close in CloseCode if not close.come_back}


class Site(Protocol):
    """What a page asks the site for."""

    def ticket(self, game_id: str, user_id: str) -> str: ...

    def address(self, game_id: str) -> str:
        """The game's WebSocket, on some node."""
        ...


class Browser:
    """Comes back until the game is over. `dial`: open a socket at an address for a page; `connecting` is told first."""

    def __init__(
        self,
        loop: VirtualLoop,
        random: Random,
        game_id: str,
        player: Player,
        user_id: str,
        site: Site,
        connecting: Callable[[], None],
        dial: Callable[[str, str, "Browser"], Connection],
    ) -> None:
        self.user_id = user_id
        self.game_id = game_id
        self.player = player
        self.codes: list[int] = []
        self.on_message: Callable[[Message], None] = lambda _: None
        self._loop = loop
        self._random = random
        self._site = site
        self._connecting = connecting
        self._dial = dial
        self.connection: Connection | None = None
        self._addresses = [""]
        self._open = False
        self._attempts = 0
        self._refusals = 0
        self._heard_s = 0.0
        self._opened_s: float | None = None
        self._resumes = False
        self._patience: asyncio.TimerHandle | None = None
        self._watching_s = 0.0

    @property
    def inside(self) -> bool:
        return self.player.inside

    @property
    def done(self) -> bool:
        """The page has seen the end, or has come too late for anything."""
        return self.player.over is not None or CloseCode.GAME_CLOSED.code in self.codes

    def start(self) -> None:
        """Come with a ticket."""
        self._renew()
        self._connect()

    def send(self, message: Message) -> None:
        if self.connection is not None and self._open:
            self.connection.send(msgspec.json.encode(message))

    # What the socket tells

    def opened(self) -> None:
        self._open = True
        self.player.connected(self.send)

    def heard(self, message: Message) -> None:
        self._heard_s = self._loop.time()
        self.player.hear(message)
        if message["type"] == "GAME_STATE":
            self._admitted(message["payload"]["websocket_urls"])
        elif message["type"] == "GAME_MOVED":
            self._put_first(message["payload"]["websocket_url"])
        self.on_message(message)
        if self.done:
            self._abandon()

    def closed(self, code: int) -> None:
        self.codes.append(code)
        self.connection = None
        self.player.disconnected()
        if self.done:
            return
        if code == CloseCode.NOT_ADMITTED.code:
            self._refused(code)
        elif code in _FINAL and code != CloseCode.REPLACED.code:
            self._loop.call_later(RELOAD_S, self.start)
        else:
            self._retry(code)

    # What the page does

    def _connect(self) -> None:
        if self.done:
            return
        self._abandon()
        self._heard_s = self._loop.time()
        self._watch(OPENING_S)
        self._connecting()
        self._open = False
        self.connection = self._dial(self._addresses[0], self.game_id, self)

    def _renew(self) -> None:
        self.player.token = self._site.ticket(self.game_id, self.user_id)
        self._addresses = [self._site.address(self.game_id)]
        self._resumes = False

    def _admitted(self, addresses: list[str]) -> None:
        own = self._addresses[0]
        self._addresses = [own, *(url for url in addresses if url != own)]
        self._opened_s = self._loop.time()
        self._refusals = 0
        self._resumes = True
        self._watch(SILENCE_S)
        self._loop.call_later(PING_S, self._ping, self.connection)

    def _next_address(self) -> None:
        """Another one that is known; who knows no other asks the site."""
        self._addresses.append(self._addresses.pop(0))
        if len(self._addresses) == 1:
            self._put_first(self._site.address(self.game_id))

    def _put_first(self, address: str) -> None:
        self._addresses = [address, *(url for url in self._addresses if url != address)]

    def _refused(self, code: int) -> None:
        """A refused resume token is replaced by a ticket at once; after two refusals somebody has to load the page."""
        resumed = self._resumes
        self._renew()
        self._refusals += 1
        if self._refusals > 2:
            self._refusals = 0
            self._loop.call_later(RELOAD_S, self.start)
        elif resumed:
            self._connect()
        else:
            self._retry(code)

    def _retry(self, code: int) -> None:
        """Full jitter; where nobody lets the page in, at the next address."""
        if self._opened_s is not None and self._loop.time() - self._opened_s >= STABLE_S:
            self._attempts = 0
        if self._opened_s is None and code != CloseCode.MOVED.code:
            self._next_address()
        self._opened_s = None
        bound = min(LAST_BACKOFF_S, FIRST_BACKOFF_S * BACKOFF_GROWTH**self._attempts)
        if code == CloseCode.MOVED.code:
            bound = min(bound, MOVED_BACKOFF_S)
        else:
            self._attempts += 1
        self._loop.call_later(self._random.random() * bound, self._connect)

    def _ping(self, connection: Connection | None) -> None:
        if connection is not None and connection is self.connection:
            self.send({"type": "PING"})
            self._loop.call_later(PING_S, self._ping, connection)

    def _watch(self, patience_s: float) -> None:
        """Give up on the socket when nothing is heard for so long."""
        self._watching_s = patience_s
        if self._patience is None:
            self._patience = self._loop.call_later(patience_s, self._look)

    def _look(self) -> None:
        self._patience = None
        if self.connection is None:
            return
        left_s = self._heard_s + self._watching_s - self._loop.time()
        if left_s <= 1e-6:
            self._abandon()
            self.closed(ABNORMAL)
        else:
            self._patience = self._loop.call_later(left_s, self._look)

    def _abandon(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
        connection, self.connection = self.connection, None
        if connection is not None:
            connection.abandon()
            self.player.disconnected()
