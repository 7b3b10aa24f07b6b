"""Calls from node to node over HTTP: what concerns a game goes to the node that has it, a logout to all."""

import asyncio
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import NamedTuple

import aiohttp

from momentum.protocol.tickets import Keys, mint_internal
from momentum.realtime.journal.contract import Node
from momentum.realtime.timing import Timing

PASSED_ON = "X-Momentum-Passed-On"
"""A call that has come from another node goes no further."""
CONNECT_S = 1.0
ANSWER_S = 3.0


class Answer(NamedTuple):
    status: int
    body: bytes


class NoAnswer(Exception):
    """The node cannot be reached, or takes too long; the call may have had its effect."""


class Neighbours:
    """`nodes`: those that live, this one first."""

    def __init__(self, keys: Keys, timing: Timing, nodes: Callable[[], Sequence[Node]]) -> None:
        self._keys = keys
        self._timing = timing
        self._nodes = nodes
        self._http: aiohttp.ClientSession | None = None

    async def post(self, node: Node, path: str, body: bytes) -> Answer:
        """Ask one node. Raises NoAnswer."""
        token = mint_internal(self._keys, at=self._timing.unix_ms() // 1000)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", PASSED_ON: "1"}
        try:
            async with self._session().post(f"{node.address}{path}", data=body, headers=headers) as answer:
                return Answer(answer.status, await answer.read())
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise NoAnswer(str(error)) from error

    async def is_ready(self, node: Node) -> bool:
        """Whether the node can serve games: it answers, and the database answers to it."""
        try:
            async with self._session().get(f"{node.address}/readyz") as answer:
                return answer.status == HTTPStatus.OK
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return False

    async def tell_all(self, path: str, body: bytes) -> bool:
        """Tell every other node. False where one did not take it."""
        told = await asyncio.gather(*(self._told(node, path, body) for node in self._nodes()[1:]))
        return all(told)

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_S, sock_connect=CONNECT_S))
        return self._http

    async def _told(self, node: Node, path: str, body: bytes) -> bool:
        try:
            return (await self.post(node, path, body)).status < HTTPStatus.BAD_REQUEST
        except NoAnswer:
            return False
