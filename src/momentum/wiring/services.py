"""The services of an installation, and where on this machine each of them answers."""

import sys
from dataclasses import dataclass

from momentum.environment import Environment

EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}


@dataclass(frozen=True)
class Service:
    """One process that the supervisor keeps running. `ready_url` answers 200 when it can work; None: not asked."""

    name: str
    command: tuple[str, ...]
    ready_url: str | None = None


def services(environment: Environment) -> tuple[Service, ...]:
    """The site, realtime and the worker, each a process of its own."""
    return (
        Service("realtime", momentum("realtime"), f"{realtime_url(environment)}/readyz"),
        Service("web", momentum("web"), f"{web_url(environment)}/readyz"),
        Service("worker", momentum("worker")),
    )


def momentum(*arguments: str) -> tuple[str, ...]:
    """The command line of this Momentum, by this Python."""
    return (sys.executable, "-P", "-m", "momentum", *arguments)


def web_url(environment: Environment) -> str:
    """Where this machine reaches its own site."""
    return f"http://{_own_host(environment)}:{environment.web_port}"


def realtime_url(environment: Environment) -> str:
    """Where this machine reaches its own realtime; the site itself uses REALTIME_SERVICE_URL."""
    return f"http://{_own_host(environment)}:{environment.realtime_port}"


def _own_host(environment: Environment) -> str:
    host = environment.bind_host
    return EVERY_ADDRESS.get(host) or (f"[{host}]" if ":" in host else host)
