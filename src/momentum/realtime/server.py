"""The WebSocket service of one node: one port, its sockets, its games."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from aiohttp import web
from picows import WSAutoPingStrategy, WSUpgradeRequest, WSUpgradeResponse, WSUpgradeResponseWithListener
from picows.picows import WSProtocol  # type: ignore[attr-defined]

from momentum.protocol import codec, to_client
from momentum.protocol.close_codes import CloseCode
from momentum.protocol.tickets import BadToken, Keys
from momentum.realtime import metrics
from momentum.realtime.admission import admit
from momentum.realtime.client import Client
from momentum.realtime.front_door import FrontDoor
from momentum.realtime.hub_manager import HubManager, game_url
from momentum.realtime.journal.contract import JournalUnavailable, Node
from momentum.realtime.limits import Limits
from momentum.realtime.outbox import Flusher
from momentum.realtime.ownership import Elsewhere, SetAside
from momentum.realtime.ping_rota import PingRota
from momentum.realtime.rooms import Rooms
from momentum.realtime.socket import Socket
from momentum.realtime.timing import Timing

_SILENT = logging.getLogger("picows")
_SILENT.setLevel(logging.CRITICAL + 1)
"""picows writes a line for every bad frame, and tokens where it is told to debug."""

BACKLOG = 4096
"""Connections that may wait to be accepted: a crowd that comes back at once must not have to knock twice, a second
apart."""
WS_PREFIX = "/ws/contests/"
VERSION = "13"
GOING_S = 2.0
"""How long sockets may take to close when the node stops; a little more than Socket gives each of them."""
LINGERING_S = 1.0
"""How long the rest of a body that nobody wants is taken in, so that its sender reads the answer."""
SHUTDOWN_S = 2.0
"""How long calls may take when the node stops."""
TAKEOVER_MS = 2_000
"""How long who comes waits for a game that is being taken."""
ASK_AGAIN_S = 0.1
CLOSE_BATCH = 200
"""Sockets closed at a time when the node stops, so that their clients do not come back all at once."""


class Server:
    """`origin_allowed`: whether a browser page of that origin may open sockets."""

    def __init__(
        self,
        *,
        manager: HubManager,
        rooms: Rooms,
        http: web.Application,
        keys: Keys,
        timing: Timing,
        limits: Limits,
        origin_allowed: Callable[[str], bool],
    ) -> None:
        self._manager = manager
        self._rooms = rooms
        self._http = web.AppRunner(
            http,
            access_log=None,
            keepalive_timeout=limits.head_ms / 1000,
            lingering_time=LINGERING_S,
            shutdown_timeout=SHUTDOWN_S,
        )
        self._keys = keys
        self._timing = timing
        self._limits = limits
        self._origin_allowed = origin_allowed
        self._flusher = Flusher(timing)
        self._rota = PingRota(timing, limits.ping_every_ms)
        self._doors: dict[FrontDoor, None] = {}
        self._clients: set[Client] = set()
        self._empty = asyncio.Event()
        self._empty.set()
        self._waiting: set[Client] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server

    async def start(self, listener: socket.socket) -> None:
        """Serve who connects to `listener`."""
        await self._http.setup()
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._front_door, sock=listener, backlog=BACKLOG)
        self._rota.start()

    def shut(self) -> None:
        """Take no more connections."""
        self._server.close()
        for door in tuple(self._doors):
            door.hang_up()

    async def stop(self) -> None:
        """Close the sockets, in batches, asking their clients to come back; wait a moment for them to go."""
        self._rota.stop()
        for task in self._tasks:
            task.cancel()
        clients = tuple(self._clients)
        for start in range(0, len(clients), CLOSE_BATCH):
            for client in clients[start : start + CLOSE_BATCH]:
                client.close(CloseCode.RESTARTING)
            await asyncio.sleep(0.02)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GOING_S):
                await self._empty.wait()
        await self._http.cleanup()

    # Connections

    def _front_door(self) -> FrontDoor:
        assert self._http.server is not None
        return FrontDoor(
            websocket=self._websocket_protocol,
            http=self._http.server,
            has_room=self._has_room,
            answers_calls=self._answers_calls,
            others=self._doors,
            limits=self._limits,
        )

    def _has_room(self) -> bool:
        return len(self._clients) < self._limits.max_sockets and len(self._waiting) < self._limits.max_unauthenticated

    def _answers_calls(self) -> bool:
        assert self._http.server is not None
        return len(self._http.server.connections) < self._limits.max_unauthenticated

    def _websocket_protocol(self) -> asyncio.BufferedProtocol:
        protocol: asyncio.BufferedProtocol = WSProtocol(
            host_port=None,
            ws_path=None,
            is_client_side=False,
            ws_listener_factory=self._listener,
            logger=_SILENT,
            disconnect_on_exception=True,
            websocket_handshake_timeout=self._limits.head_ms / 1000,
            enable_auto_ping=False,
            auto_ping_idle_timeout=10,
            auto_ping_reply_timeout=10,
            auto_ping_strategy=WSAutoPingStrategy.PING_WHEN_IDLE,
            enable_auto_pong=False,
            max_frame_size=self._limits.max_frame,
            extra_headers=None,
            read_buffer_init_size=2048,
        )
        return protocol

    def _listener(self, request: WSUpgradeRequest) -> Socket | WSUpgradeResponseWithListener | None:
        url = urlsplit(request.path.decode("latin-1"))
        origin = request.headers.get("Origin")
        if origin is not None and not self._origin_allowed(origin):
            return _refused(403, "This origin may not connect.")
        if request.headers.get("Sec-WebSocket-Version") != VERSION:
            return _refused(426, "Version 13 is spoken here.", {"Sec-WebSocket-Version": VERSION})
        game_id = url.path.removeprefix(WS_PREFIX)
        if not url.path.startswith(WS_PREFIX) or not game_id or "/" in game_id:
            return None
        token = parse_qs(url.query).get("token", [""])[0]
        return Socket(lambda socket: self._opened(socket, game_id, token), self._gone, self._limits, self._timing)

    def _opened(self, socket: Socket, game_id: str, token: str) -> Client:
        client = Client(
            socket,
            game_id=game_id,
            flusher=self._flusher,
            timing=self._timing,
            limits=self._limits,
            authenticate=lambda client, token: self._authenticate(client, token, game_id),
        )
        self._clients.add(client)
        self._empty.clear()
        self._waiting.add(client)
        self._timing.call_later(self._limits.authentication_ms, lambda: self._hurry(client))
        if token:
            client.authenticate(token)
        return client

    def _gone(self, client: Client) -> None:
        self._clients.discard(client)
        if not self._clients:
            self._empty.set()
        self._waiting.discard(client)
        self._rota.remove(client)
        self._rooms.left(client.game_id)

    def _hurry(self, client: Client) -> None:
        if client in self._waiting:
            client.close(CloseCode.AUTHENTICATION_TIMEOUT)

    # Admission

    def _authenticate(self, client: Client, token: str, game_id: str) -> None:
        if game_id in self._manager.hubs:
            self._admit(client, token, game_id)
        else:
            task = asyncio.get_running_loop().create_task(self._fetch_and_admit(client, token, game_id))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _fetch_and_admit(self, client: Client, token: str, game_id: str) -> None:
        try:
            self._keys.verify(token, ("momentum-realtime", "momentum-resume"), self._timing.unix_ms() // 1000)
            found = await self._found(game_id)
        except BadToken as error:
            return self._refuse(client, error)
        except JournalUnavailable:
            return client.close(CloseCode.RESET)
        except SetAside:
            return client.close(CloseCode.SET_ASIDE)
        except Elsewhere as elsewhere:
            return _send_on(client, elsewhere.node)
        if found:
            self._admit(client, token, game_id)
        else:
            client.close(CloseCode.NO_SUCH_GAME)

    async def _found(self, game_id: str) -> bool:
        """Have the game here; False: there is none. Raises as `HubManager.ensure` does, but not at once where its owner
        has not been heard of for a moment: should that be dead, one of the nodes takes the game, and who came here has
        waited for it instead of asking everywhere again and again."""
        until_ms = self._timing.mono_ms() + TAKEOVER_MS
        while True:
            try:
                return await self._manager.ensure(game_id)
            except JournalUnavailable:
                if self._timing.mono_ms() >= until_ms:
                    raise
            except Elsewhere as elsewhere:
                late = self._timing.mono_ms() >= until_ms
                if late or not self._manager.ownership.suspects(elsewhere.node.id):
                    raise
            await asyncio.sleep(ASK_AGAIN_S)

    def _admit(self, client: Client, token: str, game_id: str) -> None:
        hub = self._manager.hubs.get(game_id)
        if client.closed or hub is None:
            return client.close(CloseCode.RESET)
        try:
            admission = admit(
                self._keys,
                token,
                game_id=game_id,
                hosts=hub.game.hosts,
                access=self._manager.access(game_id),
                unix_s=self._timing.unix_ms() // 1000,
            )
        except BadToken as error:
            return self._refuse(client, error)
        self._waiting.discard(client)
        self._rota.add(client)
        client.admit(self._rooms.enter(game_id), admission)

    def _refuse(self, client: Client, error: BadToken) -> None:
        """Counted, not logged: anybody can send as many bad tokens as they like."""
        metrics.REFUSED_TOKENS.labels(why=str(error)).inc()
        client.close(CloseCode.NOT_ADMITTED)


def _send_on(client: Client, node: Node) -> None:
    """To the node that has the game; where all have one address, whoever comes back may well meet it."""
    if node.websocket_url:
        client.tell(codec.encode(to_client.GameMoved(game_url(node, client.game_id))))
    client.close(CloseCode.MOVED)


def _refused(status: int, why: str, headers: dict[str, str] | None = None) -> WSUpgradeResponseWithListener:
    return WSUpgradeResponseWithListener(WSUpgradeResponse.create_error_response(status, why.encode(), headers), None)
