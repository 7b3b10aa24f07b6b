import subprocess
import sys

import pytest

from momentum.web.callers import caller, networks

PROXIES = networks(["10.0.0.0/8", "fd00::/8"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.2.3.4, 198.51.100.1, 10.0.0.7", "198.51.100.1"),
        ("10.0.0.1", "1.2.3.4,198.51.100.1,,", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, nonsense", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, nonsense, 10.0.0.7", "10.0.0.7"),
        ("10.0.0.1", "198.51.100.1:5000", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.2, 10.0.0.3", "10.0.0.2"),
        ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, ::ffff:10.0.0.7", "198.51.100.1"),
        ("fd00::1", "2001:db8::1", "2001:db8::1"),
        ("unix:", "198.51.100.1", "unix:"),
        ("", "198.51.100.1", ""),
    ],
)
def test_the_caller_is_the_nearest_address_that_is_no_trusted_proxy(peer: str, forwarded: str, address: str) -> None:
    assert caller(peer, forwarded, PROXIES) == address


def test_nobody_is_believed_where_no_proxy_is_trusted() -> None:
    assert caller("127.0.0.1", "198.51.100.1", networks([])) == "127.0.0.1"


def test_it_does_not_load_django() -> None:
    code = "import sys, momentum.web.callers; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": ":".join(sys.path)}).returncode == 0
