"""The addresses of this machine that other devices may use."""

import ipaddress

import pytest

from momentum.environment import addresses


def test_lan_addresses_are_addresses_and_none_is_loopback() -> None:
    for address in addresses.lan_addresses():
        assert not ipaddress.ip_address(address).is_loopback


def test_a_machine_without_a_network_has_no_lan_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object) -> None:
        raise OSError("Network is unreachable")

    monkeypatch.setattr("socket.socket.connect", unreachable)
    assert addresses.lan_addresses() == ()


@pytest.mark.parametrize(
    ("host_name", "names"),
    [("Laptop", ("laptop", "laptop.local")), ("pc.acme.org", ("pc.acme.org",)), ("", ())],
)
def test_own_names_are_the_host_name_and_its_local_form(
    monkeypatch: pytest.MonkeyPatch, host_name: str, names: tuple[str, ...]
) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: host_name)
    assert addresses.own_names() == names
