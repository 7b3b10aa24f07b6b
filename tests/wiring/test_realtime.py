"""The realtime process, as its settings say."""

import asyncio
import socket
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from momentum.environment import Environment
from momentum.game.settings import Host, Settings
from momentum.protocol.internal import OpenGame, SourceQuestion
from momentum.realtime.journal.contract import JournalUnavailable
from momentum.realtime.site import Account, GameWish
from momentum.wiring.realtime import RealtimeNode
from momentum.wiring.refusal import Refusal

GAME = OpenGame(
    contest_id="5f1c6c1e-0000-4000-8000-000000000001",
    source_contest_id="contest-1",
    name="Capitals",
    hosts=(Host("alice", "Alice"),),
    access="anyone",
    settings=Settings(),
    questions=(
        SourceQuestion(
            bank_id="bank-1", category="Geography", difficulty="easy", text="?", options=("a", "b"), answer="a"
        ),
    ),
)


class Site:
    """`addresses`: from where somebody tried to log in."""

    def __init__(self) -> None:
        self.addresses: list[str] = []

    async def check_login(self, username: str, password: str, address: str) -> Account | None:
        self.addresses.append(address)
        return None

    async def make_game(self, host_id: str, wish: GameWish) -> OpenGame:
        raise NotImplementedError


@pytest.fixture
def settings(games_file: Path, environment: Environment) -> Environment:
    """With the games' tables, on whatever port is free."""
    return replace(environment, data_dir=games_file.parent, realtime_port=0)


@asynccontextmanager
async def started(settings: Environment, site: Site | None = None) -> AsyncIterator[RealtimeNode]:
    node = await RealtimeNode.start(settings, site or Site())
    try:
        yield node
    finally:
        await node.stop()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


async def status(url: str) -> int:
    async with aiohttp.ClientSession() as http, http.get(url) as answered:
        return answered.status


async def test_metrics_stand_on_the_port_itself(settings: Environment) -> None:
    async with started(settings) as node:
        assert await status(f"http://127.0.0.1:{node.port}/metrics") == 200


async def test_the_room_on_the_disk_is_watched_while_the_node_runs(settings: Environment) -> None:
    async with (
        started(settings) as node,
        aiohttp.ClientSession() as http,
        http.get(f"http://127.0.0.1:{node.port}/metrics") as answered,
    ):
        told = await answered.text()
    [line] = [line for line in told.splitlines() if line.startswith("momentum_disk_free_bytes{")]
    assert float(line.split()[-1]) > 0


async def test_metrics_may_be_moved_to_a_private_address(settings: Environment) -> None:
    private = f"127.0.0.1:{free_port()}"
    async with started(replace(settings, metrics_addr=private)) as node:
        assert await status(f"http://127.0.0.1:{node.port}/metrics") == 404
        assert await status(f"http://{private}/metrics") == 200


@pytest.mark.parametrize(
    ("trusted", "forwarded", "address"),
    [
        ((), "1.2.3.4", "127.0.0.1"),
        (("127.0.0.0/8",), "1.2.3.4", "1.2.3.4"),
        (("127.0.0.0/8",), "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (("127.0.0.0/8",), "6.6.6.6, 1.2.3.4, 127.0.0.9", "1.2.3.4"),
        (("10.0.0.0/8",), "1.2.3.4", "127.0.0.1"),
    ],
)
async def test_only_trusted_proxies_say_who_calls(
    settings: Environment, trusted: tuple[str, ...], forwarded: str, address: str
) -> None:
    site = Site()
    async with (
        started(replace(settings, trusted_proxies=trusted), site) as node,
        aiohttp.ClientSession() as http,
        http.post(
            f"http://127.0.0.1:{node.port}/login",
            json={"username": "a", "password": "b"},
            headers={"X-Forwarded-For": forwarded},
        ) as answered,
    ):
        assert answered.status == 401
    assert site.addresses == [address]


async def test_a_port_that_is_taken_is_refused_before_any_game_is_taken(settings: Environment) -> None:
    async with started(settings) as node:
        hub, _ = await node.manager.open(GAME)
        with pytest.raises(Refusal, match=rf"Port {node.port} cannot be used .*: stop what uses it, or set REALTIME"):
            await RealtimeNode.start(replace(settings, realtime_port=node.port), Site())
        assert epoch(settings) == 1
        assert node.manager.hub(GAME.contest_id) is hub


def epoch(settings: Environment) -> int:
    with sqlite3.connect(settings.data_dir / "games.sqlite3") as games:
        number: int = games.execute("SELECT epoch FROM game").fetchone()[0]
    games.close()
    return number


async def test_a_node_without_tables_does_not_start_and_leaves_nothing_open(
    settings: Environment, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    port = free_port()
    with pytest.raises(JournalUnavailable):
        await RealtimeNode.start(replace(settings, data_dir=empty, realtime_port=port), Site())
    socket.create_server(("127.0.0.1", port)).close()
    assert {task for task in asyncio.all_tasks() if task is not asyncio.current_task()} == set()


async def test_limits_come_from_the_settings(settings: Environment) -> None:
    limits = replace(settings.limits, max_connections=7, max_unauthenticated=3, max_games_per_host=2)
    async with started(replace(settings, limits=limits)) as node:
        told = node.server._limits
    assert (told.max_sockets, told.max_unauthenticated, told.max_games_per_host) == (7, 3, 2)


async def test_a_node_stops_though_its_journal_is_gone(settings: Environment) -> None:
    async with started(settings) as node:
        await node.manager.open(GAME)
        await node.journal.close()


async def test_a_new_node_takes_the_open_games(settings: Environment) -> None:
    async with started(settings) as node:
        await node.manager.open(GAME)
    async with started(settings) as again:
        assert list(again.manager.hubs) == [GAME.contest_id]
        assert epoch(settings) == 2
