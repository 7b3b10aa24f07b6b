"""While this node is not heard of and another one is, the clients of its games are better off there."""

import asyncio

import structlog

from momentum.realtime.hub_manager import game_url
from momentum.realtime.journal.contract import Node
from momentum.realtime.neighbours import Neighbours
from momentum.realtime.ownership import Ownership
from momentum.realtime.rooms import Rooms
from momentum.realtime.timing import Repeating, Timing

log = structlog.get_logger(__name__)

LOOK_EVERY_MS = 1_000


class Detour:
    """A node that is cut off from the database cannot read who has its games now. But a neighbour that is ready has
    them, or knows. Where no neighbour is ready, the database is away for all, and clients wait where they are.
    """

    def __init__(self, ownership: Ownership, neighbours: Neighbours, rooms: Rooms, timing: Timing) -> None:
        self._ownership = ownership
        self._neighbours = neighbours
        self._rooms = rooms
        self._looking = Repeating(timing, LOOK_EVERY_MS, self._look_soon)
        self._look_task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._looking.start()

    async def stop(self) -> None:
        self._looking.stop()
        if self._look_task is not None:
            await self._look_task

    async def look(self) -> None:
        """Ask the neighbours, if it is time to."""
        if self._ownership.may_speak:
            return
        for node in self._ownership.nodes[1:]:
            if node.websocket_url and await self._neighbours.is_ready(node):
                return self._send_all_on(node)

    def _look_soon(self) -> None:
        if self._look_task is None:
            self._look_task = asyncio.get_running_loop().create_task(self._look())

    async def _look(self) -> None:
        try:
            await self.look()
        finally:
            self._look_task = None

    def _send_all_on(self, node: Node) -> None:
        if self._ownership.may_speak:
            return
        for game_id in self._ownership.missing:
            log.info("clients_sent_on", game=game_id, node=node.id)
            self._rooms.send_on(game_id, game_url(node, game_id))
