"""The services, and where they are asked."""

from dataclasses import replace

import pytest

from momentum.environment import Environment
from momentum.wiring.services import realtime_url, services, web_url


@pytest.mark.parametrize(
    ("bind_host", "host"),
    [("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("127.0.0.1", "127.0.0.1"), ("::1", "[::1]"), ("10.0.0.5", "10.0.0.5")],
)
def test_a_service_is_asked_where_it_listens(environment: Environment, bind_host: str, host: str) -> None:
    bound = replace(environment, bind_host=bind_host, web_port=3000, realtime_port=8080)
    assert web_url(bound) == f"http://{host}:3000"
    assert realtime_url(bound) == f"http://{host}:8080"


def test_site_realtime_and_worker_are_three_processes(environment: Environment) -> None:
    assert sorted(service.command[-1] for service in services(environment)) == ["realtime", "web", "worker"]
