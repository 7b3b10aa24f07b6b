"""Who a realtime process is among the nodes."""

from dataclasses import replace
from pathlib import Path

from momentum.environment import Environment
from momentum.wiring.node import replace_node, this_node


def test_every_process_is_a_node_of_its_own(environment: Environment) -> None:
    assert len({this_node(environment).id for _ in range(100)}) == 100


def test_without_an_address_of_its_own_nobody_is_sent_to_a_node(environment: Environment) -> None:
    """WEBSOCKET_URL is then the one that all nodes have."""
    node = this_node(replace(environment, node_url=None, websocket_url="wss://quiz.example.org"))
    assert node.websocket_url == ""
    assert node.address == f"http://127.0.0.1:{environment.realtime_port}"


def test_with_an_address_of_its_own_browsers_are_sent_there_or_where_it_says(environment: Environment) -> None:
    plain = replace(environment, node_url="http://10.0.0.1:8080", websocket_url=None)
    assert this_node(plain).address == "http://10.0.0.1:8080"
    assert this_node(plain).websocket_url == "ws://10.0.0.1:8080"
    secure = replace(plain, node_url="https://one.example.org")
    assert this_node(secure).websocket_url == "wss://one.example.org"
    proxied = replace(plain, websocket_url="wss://one.example.org")
    assert this_node(proxied).websocket_url == "wss://one.example.org"


def test_a_data_directory_remembers_the_node_before(tmp_path: Path) -> None:
    assert [replace_node(tmp_path, name) for name in ("one", "two", "three")] == ["", "one", "two"]
