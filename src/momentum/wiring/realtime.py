"""Builds the realtime process and runs it until it is told to stop."""

import asyncio
import shutil
import signal
import socket
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

import structlog
import uvloop
from aiohttp import web

from momentum.backplane.memory import MemoryBackplane
from momentum.environment import Environment
from momentum.protocol.tickets import Keys
from momentum.realtime.detour import Detour
from momentum.realtime.disk_watch import DiskWatch
from momentum.realtime.http_api import HttpApi, show_metrics
from momentum.realtime.hub_manager import HubManager
from momentum.realtime.journal.contract import Journal, JournalUnavailable, NotDurable
from momentum.realtime.lease import ALONE, Lease
from momentum.realtime.limits import Limits
from momentum.realtime.messages import Envelope, Request
from momentum.realtime.neighbours import Neighbours
from momentum.realtime.rooms import Rooms
from momentum.realtime.server import BACKLOG, Server
from momentum.realtime.site import Site
from momentum.realtime.timing import LoopTiming
from momentum.web import callers
from momentum.wiring.descriptors import allow_many
from momentum.wiring.instance import only_one
from momentum.wiring.journal import open_journal
from momentum.wiring.logs import set_up_logs
from momentum.wiring.node import replace_node, this_node
from momentum.wiring.refusal import Refusal
from momentum.wiring.site import DjangoSite

log = structlog.get_logger(__name__)

DAY_MS = 24 * 3_600_000


def run(environment: Environment) -> int:
    """Serve until SIGTERM or SIGINT. Raises Refusal where another realtime has the games or the port, or where the
    games cannot be read."""
    set_up_logs(environment)
    allow_many()
    with only_one(environment.data_dir, "realtime"):
        try:
            uvloop.run(_serve(environment))
        except NotDurable as error:
            raise Refusal(str(error)) from None
        except JournalUnavailable as error:
            raise Refusal(f"The games cannot be read ({error}): momentum check says why.") from None
    return 0


def _listening(environment: Environment) -> socket.socket:
    """The port, before any game is taken. Who connects to an only node by then waits until they are; with several nodes
    it is refused, because another one may have the game by now."""
    host, port = environment.bind_host, environment.realtime_port
    listener = socket.socket(_family(host), socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        if not environment.database_url:
            listener.listen(BACKLOG)
        return listener
    except OSError as error:
        listener.close()
        raise Refusal(
            f"Port {port} cannot be used ({error.strerror}): stop what uses it, or set REALTIME_PORT."
        ) from None


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


async def _serve(environment: Environment) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    starting = loop.create_task(RealtimeNode.start(environment, DjangoSite()))
    await asyncio.wait((starting, loop.create_task(stop.wait())), return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        starting.cancel()
        return
    node = await starting
    await stop.wait()
    await node.stop()


@dataclass(frozen=True, kw_only=True)
class RealtimeNode:
    """A running realtime node. `port`: where it listens."""

    port: int
    manager: HubManager
    server: Server
    neighbours: Neighbours
    detour: Detour
    journal: Journal
    disk: DiskWatch | None
    metrics: web.AppRunner | None

    @classmethod
    async def start(cls, environment: Environment, site: Site) -> "RealtimeNode":
        """Have the port, take the open games over, then serve. Raises Refusal where the port is taken."""
        async with AsyncExitStack() as undo:
            listener = undo.enter_context(_listening(environment))
            metrics = await _metrics_listener(environment.metrics_addr)
            if metrics is not None:
                undo.push_async_callback(metrics.cleanup)
            journal = await open_journal(environment)
            undo.push_async_callback(journal.close)
            manager, server, api, neighbours, detour = _built(environment, site, journal)
            undo.push_async_callback(neighbours.close)
            undo.push_async_callback(manager.stop)
            await manager.start()
            await server.start(listener)
            undo.pop_all()
        detour.start()
        disk = _disk_watch(environment)
        api.ready = True
        port = listener.getsockname()[1]
        log.info("realtime_ready", port=port, games=len(manager.hubs))
        return cls(
            port=port,
            manager=manager,
            server=server,
            neighbours=neighbours,
            detour=detour,
            journal=journal,
            disk=disk,
            metrics=metrics,
        )

    async def stop(self) -> None:
        """Take nobody new, keep and tell what was said, hand the games over, ask the clients to come back, close."""
        self.server.shut()
        await self.detour.stop()
        await self.manager.stop()
        await self.server.stop()
        await self.neighbours.close()
        await self.journal.close()
        if self.disk is not None:
            self.disk.stop()
        if self.metrics is not None:
            await self.metrics.cleanup()


def _built(
    environment: Environment, site: Site, journal: Journal
) -> tuple[HubManager, Server, HttpApi, Neighbours, Detour]:
    """The parts of a node, none of them started."""
    timing = LoopTiming(asyncio.get_running_loop())
    keys = Keys(environment.jwt_secrets)
    limits = _limits(environment)
    backplane: MemoryBackplane[Request, Envelope] = MemoryBackplane()
    rooms = Rooms(backplane, timing)
    node = this_node(environment)
    manager = HubManager(
        journal=journal,
        backplane=backplane,
        rooms=rooms,
        timing=timing,
        keys=keys,
        node=node,
        lease=Lease() if environment.database_url else ALONE,
        predecessor=replace_node(environment.data_dir, node.id),
        keep_ms=environment.limits.keep_journal_days * DAY_MS,
    )
    neighbours = Neighbours(keys, timing, lambda: manager.ownership.nodes)
    detour = Detour(manager.ownership, neighbours, rooms, timing)
    api = HttpApi(
        manager=manager,
        neighbours=neighbours,
        site=site,
        keys=keys,
        timing=timing,
        limits=limits,
        client_address=_client_address(environment.trusted_proxies),
        serves_metrics=environment.metrics_addr is None,
    )
    server = Server(
        manager=manager,
        rooms=rooms,
        http=api.application(),
        keys=keys,
        timing=timing,
        limits=limits,
        origin_allowed=frozenset(environment.allowed_origins).__contains__,
    )
    return manager, server, api, neighbours, detour


def _limits(environment: Environment) -> Limits:
    limits = environment.limits
    return Limits(
        max_sockets=limits.max_connections,
        max_unauthenticated=limits.max_unauthenticated,
        max_games_per_host=limits.max_games_per_host,
    )


def _disk_watch(environment: Environment) -> DiskWatch | None:
    """Of the data directory, where the games are in it."""
    if environment.database_url is not None:
        return None
    watch = DiskWatch(LoopTiming(asyncio.get_running_loop()), lambda: shutil.disk_usage(environment.data_dir).free)
    watch.start()
    return watch


async def _metrics_listener(address: str | None) -> web.AppRunner | None:
    if address is None:
        return None
    host, _, port = address.rpartition(":")
    app = web.Application()
    app.router.add_get("/metrics", show_metrics)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, host.strip("[]"), int(port)).start()
    return runner


def _client_address(trusted_proxies: Sequence[str]) -> Callable[[web.Request], str]:
    """Whose request it is: the site's own rule."""
    trusted = callers.networks(trusted_proxies)

    def client_address(request: web.Request) -> str:
        forwarded = ",".join(request.headers.getall("X-Forwarded-For", ()))
        return callers.caller(request.remote or "", forwarded, trusted)

    return client_address
