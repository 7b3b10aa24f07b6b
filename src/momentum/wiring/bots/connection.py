"""Keeps a player connected: the socket, the way back after a drop, the close codes that say whether there is one."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from random import Random

import aiohttp
import msgspec

from momentum.protocol.close_codes import CloseCode
from momentum.wiring.bots.player import Message, Observer, Player

FIRST_BACKOFF_S = 0.25
LAST_BACKOFF_S = 5.0
BACKOFF_GROWTH = 1.3
"""Doubling would keep one in twenty away for more than three seconds after a restart that takes one."""
STABLE_S = 0.5
"""Who was in the game for that long begins the backoff anew."""
OPENING_S = 6.0
PATIENCE_S = 120.0
"""Without a way in for that long, the player gives up."""
HEARTBEAT_S = 10.0
LARGEST_MESSAGE = 4 * 1024 * 1024

_FINAL = {code.code: code for code in CloseCode if not code.come_back}


@dataclass(frozen=True)
class Ending:
    """How it ended. `over`: the game has. `close`: the server does not want the player back; None: not reached."""

    over: bool
    close: CloseCode | None = None


class Connection:
    """A player's way to `url`, or to where the game says that it is. A with-statement's HTTP session is handed in, and
    may be shared."""

    def __init__(
        self, http: aiohttp.ClientSession, url: str, player: Player, observer: Observer, random: Random
    ) -> None:
        self._http = http
        self._addresses = Addresses(url)
        self._player = player
        self._observer = observer
        self._random = random
        self._attempts = 0
        self._sending: set[asyncio.Task[None]] = set()

    async def play(self) -> Ending:
        """Stay connected until the game is over, or nobody wants the player back."""
        loop = asyncio.get_running_loop()
        seen_at = loop.time()
        try:
            while loop.time() - seen_at < PATIENCE_S:
                stay = await self._stay()
                if stay.over or stay.code in _FINAL:
                    return Ending(stay.over, _FINAL.get(stay.code))
                if stay.inside_s is not None:
                    seen_at = loop.time()
                elif stay.code != CloseCode.MOVED.code:
                    self._addresses.failed()
                await asyncio.sleep(self._backoff(stay))
            return Ending(over=False)
        finally:
            self._player.stop()

    def _backoff(self, stay: "_Stay") -> float:
        """Full jitter: somewhere between at once and a bound that grows, so that a crowd does not come as one. To be
        sent on to another node is no failure."""
        if stay.code == CloseCode.MOVED.code:
            return self._random.random() * FIRST_BACKOFF_S
        if stay.inside_s is not None and stay.inside_s >= STABLE_S:
            self._attempts = 0
        bound = min(LAST_BACKOFF_S, FIRST_BACKOFF_S * BACKOFF_GROWTH**self._attempts)
        self._attempts += 1
        return self._random.random() * bound

    async def _stay(self) -> "_Stay":
        """One socket, from its opening to its end."""
        stay = _Stay(asyncio.get_running_loop().time)
        self._observer.connecting()
        try:
            async with asyncio.timeout(OPENING_S) as opening:
                async with self._http.ws_connect(
                    self._addresses.next, heartbeat=HEARTBEAT_S, max_msg_size=LARGEST_MESSAGE
                ) as socket:
                    await self._listen(socket, stay, lambda: opening.reschedule(None))
        except (aiohttp.ClientError, OSError, TimeoutError):
            pass  # as good as a drop
        finally:
            self._player.disconnected()
        if stay.inside_s is not None and not stay.over:
            self._observer.lost()
        return stay

    async def _listen(
        self, socket: aiohttp.ClientWebSocketResponse, stay: "_Stay", entered: Callable[[], None]
    ) -> None:
        self._player.connected(lambda message: self._send(socket, message))
        async for frame in socket:
            if frame.type is not aiohttp.WSMsgType.TEXT:
                continue
            message = msgspec.json.decode(frame.data)
            self._addresses.hear(message)
            self._player.hear(message)
            if self._player.inside and stay.entered_at is None:
                stay.enter()
                entered()
            if self._player.over:
                stay.over = True
                return
        stay.code = socket.close_code or 0

    def _send(self, socket: aiohttp.ClientWebSocketResponse, message: Message) -> None:
        task = asyncio.get_running_loop().create_task(_sent(socket, message))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)


class Addresses:
    """Where a game may be reached: where it was last, then wherever else it says."""

    def __init__(self, url: str) -> None:
        self._known = [url]

    @property
    def next(self) -> str:
        """Where to try."""
        return self._known[0]

    def hear(self, message: Message) -> None:
        """GAME_STATE says where the game may be reached, GAME_MOVED where it is now."""
        if message["type"] == "GAME_STATE":
            self._put_first(self.next, [*message["payload"]["websocket_urls"], *self._known])
        elif message["type"] == "GAME_MOVED":
            self._put_first(message["payload"]["websocket_url"], self._known)

    def failed(self) -> None:
        """There was no way in at the first of them."""
        self._known.append(self._known.pop(0))

    def _put_first(self, first: str, others: Iterable[str]) -> None:
        self._known = list(dict.fromkeys((first, *others)))


class _Stay:
    """What came of one socket. `inside_s`: how long the player was in the game, if at all; `code`: the close code."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.entered_at: float | None = None
        self.over = False
        self.code = 0

    def enter(self) -> None:
        self.entered_at = self._clock()

    @property
    def inside_s(self) -> float | None:
        return None if self.entered_at is None else self._clock() - self.entered_at


async def _sent(socket: aiohttp.ClientWebSocketResponse, message: Message) -> None:
    with suppress(ConnectionError, aiohttp.ClientError):  # the socket is gone; what matters is said again
        await socket.send_str(msgspec.json.encode(message).decode())
