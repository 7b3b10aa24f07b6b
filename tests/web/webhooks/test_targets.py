"""No message goes into the network that the server stands in."""

import socket
import threading
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from momentum.web.webhooks import post, targets
from momentum.web.webhooks.targets import BadTarget

from ..receiver import Receiver

PRIVATE = (
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "::", "::1", "fe80::1", "fc00::1", "fd12::1", "ff02::1",
    "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::",
    "2002:a00:1::1",
)  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_of_the_open_internet_is_refused(address: str) -> None:
    assert not targets.is_public(ip_address(address))
    written = f"[{address}]" if ":" in address else address
    with pytest.raises(BadTarget):
        targets.checked_url(f"https://{written}/", anywhere=False)
    targets.checked_url(f"https://{written}/", anywhere=True)


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::808:808"])
def test_an_address_of_the_open_internet_is_called(address: str) -> None:
    assert targets.is_public(ip_address(address))


@given(st.ip_addresses(v=4))
def test_no_disguise_makes_an_address_public(address: IPv4Address) -> None:
    disguises = (f"::ffff:{address}", f"64:ff9b::{address}")
    for disguise in map(IPv6Address, disguises):
        assert targets.is_public(disguise) == targets.is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "", "example.org", "//example.org", "ftp://example.org", "https://", "https://exa mple.org", "https://ex\nx.org",
        "https://user@example.org", "https://user:word@example.org", "https://example.org/#x", "https://example.org:0",
        "https://example.org:99999", "https://bücher.example", "http://example.org", "javascript:alert(1)", "https://[::1",
    ],
)  # fmt: skip
def test_what_is_no_usable_address_is_refused(url: str) -> None:
    with pytest.raises(BadTarget):
        targets.checked_url(url, anywhere=False)


def answers(*addresses: str) -> Any:
    def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    return getaddrinfo


@pytest.mark.parametrize("found", [("127.0.0.1",), ("1.1.1.1", "10.0.0.1"), ("::1",), ("fe80::1%eth0",), ()])
def test_a_name_that_leads_inside_is_refused_before_anything_is_sent(
    monkeypatch: pytest.MonkeyPatch, found: tuple[str, ...]
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answers(*found))
    with Receiver() as receiver:
        with pytest.raises(BadTarget):
            post.post(f"https://hook.example:{receiver.port}/", b"{}", {}, anywhere=False)
        assert receiver.connections == 0


def test_the_address_that_was_checked_is_the_one_that_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def rebinding(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        found: list[Any] = answers("127.0.0.1" if len(asked) == 1 else "10.255.255.1")(host, port)
        return found

    with Receiver() as receiver:
        with monkeypatch.context() as patch:
            patch.setattr(socket, "getaddrinfo", rebinding)
            addresses = targets.resolve("hook.example", receiver.port, anywhere=True)
        monkeypatch.setattr(targets, "resolve", lambda *_, **__: addresses)
        assert post.post(f"http://hook.example:{receiver.port}/", b"{}", {}, anywhere=True) == 204
        assert receiver.messages[0].headers["host"] == f"hook.example:{receiver.port}"
    assert asked == ["hook.example"]


def test_a_resolver_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    leave = threading.Event()
    monkeypatch.setattr(targets, "RESOLVE_S", 0.05)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: leave.wait(10) and [])
    with pytest.raises(BadTarget):
        targets.resolve("hook.example", 443, anywhere=False)
    leave.set()
