"""Where a game's WebSocket is."""

from typing import Any

from django.test import RequestFactory

from momentum.web.games import queries
from momentum.web.games.models import Game, Node

GAME = "5f1c6c1e-0000-4000-8000-000000000001"
REQUEST = RequestFactory().get("/", headers={"host": "localhost:3000"})


def game(**changes: Any) -> Game:
    usual = {"id": GAME, "source_contest_id": "1", "name": "Capitals", "access": "anyone", "created_ms": 1}
    return Game.objects.create(**usual | changes)


def test_a_game_is_where_its_owner_is() -> None:
    Node.objects.create(id="n1", address="http://10.0.0.1:8080", websocket_url="wss://n1.example.org")
    Node.objects.create(id="n2", address="http://10.0.0.2:8080", websocket_url="wss://n2.example.org")
    game(node_id="n2")
    assert queries.websocket_url(REQUEST, GAME) == f"wss://n2.example.org/ws/contests/{GAME}"


def test_where_nodes_have_one_address_it_is_that_of_the_page() -> None:
    Node.objects.create(id="n1", address="http://10.0.0.1:8080", websocket_url="")
    game(node_id="n1")
    assert queries.websocket_url(REQUEST, GAME) == f"ws://localhost:8080/ws/contests/{GAME}"


def test_a_game_that_nobody_owns_or_knows_is_asked_for_at_the_address_of_the_page() -> None:
    assert queries.websocket_url(REQUEST, GAME) == f"ws://localhost:8080/ws/contests/{GAME}"


def test_pages_may_open_sockets_to_every_node() -> None:
    Node.objects.create(id="n1", address="http://10.0.0.1:8080", websocket_url="wss://n1.example.org/ws")
    Node.objects.create(id="n2", address="http://10.0.0.2:8080", websocket_url="ws://[::1]:8080")
    assert queries.websocket_sources(REQUEST) == ["ws:", "ws://localhost:8080", "wss://n1.example.org"]
