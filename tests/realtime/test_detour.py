"""Clients of a node that is cut off from the database are sent to one that is not."""

import pytest

from momentum.realtime.detour import LOOK_EVERY_MS, Detour
from momentum.realtime.journal.contract import Node
from momentum.realtime.neighbours import Neighbours

from .games import BOB, GAME
from .town import LEASE, Town


class Known(Neighbours):
    """Nodes of which it is known whether they are ready."""

    def __init__(self, *ready: str) -> None:
        self.ready = ready
        self.asked: list[str] = []

    async def is_ready(self, node: Node) -> bool:
        self.asked.append(node.id)
        return node.id in self.ready


def detour(town: Town, neighbours: Known) -> Detour:
    return Detour(town.one.manager.ownership, neighbours, town.one.rooms, town.timing)


@pytest.fixture
async def cut_off(town: Town) -> Town:
    """`one` has a game with Alice and Bob, and reaches the database no more."""
    await town.one.start(BOB)
    town.one.journal.down = True
    await town.advance(LEASE.fence_ms + LEASE.beat_ms)
    return town


async def test_clients_are_sent_to_a_neighbour_that_is_ready(cut_off: Town) -> None:
    await detour(cut_off, Known("two-1")).look()
    for guest in cut_off.one.guests:
        assert guest.last("GAME_MOVED")["websocket_url"] == f"ws://two-1/ws/contests/{GAME}"
        assert guest.closed == 4443


async def test_where_no_neighbour_is_ready_everybody_stays(cut_off: Town) -> None:
    neighbours = Known()
    await detour(cut_off, neighbours).look()
    assert neighbours.asked == ["two-1"]
    assert [guest.closed for guest in cut_off.one.guests] == [None, None]


async def test_a_node_that_is_heard_of_asks_nobody_and_sends_nobody(town: Town) -> None:
    await town.one.start(BOB)
    neighbours = Known("two-1")
    await detour(town, neighbours).look()
    assert neighbours.asked == []
    assert [guest.closed for guest in town.one.guests] == [None, None]


async def test_it_looks_by_itself_until_it_is_stopped(cut_off: Town) -> None:
    neighbours = Known()
    looking = detour(cut_off, neighbours)
    looking.start()
    await cut_off.advance(2 * LOOK_EVERY_MS)
    assert len(neighbours.asked) == 2
    await looking.stop()
    await cut_off.advance(2 * LOOK_EVERY_MS)
    assert len(neighbours.asked) == 2
