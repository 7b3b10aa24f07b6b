"""One `serve` and one realtime per data directory, and free ports: what is made sure of before anything starts."""

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from momentum.environment import Environment
from momentum.wiring.refusal import Refusal


@contextmanager
def only_one(data_dir: Path, name: str = "serve") -> Iterator[None]:
    """Hold `<data_dir>/<name>.lock`. The kernel lets go of it when this process ends, however it ends."""
    path = data_dir / f"{name}.lock"
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise Refusal(
                f"Momentum already runs on {data_dir} (process {file.read().strip() or 'unknown'}): "
                "stop that one, or set MOMENTUM_DATA_DIR and the ports to others."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def require_free_ports(environment: Environment, patience_s: float = 1.0) -> None:
    """Raise Refusal when a port is taken. Services of a supervisor that was just killed are given time to end."""
    wanted = {
        "WEB_PORT": (environment.bind_host, environment.web_port),
        "REALTIME_PORT": (environment.bind_host, environment.realtime_port),
    }
    if environment.metrics_addr:
        host, _, digits = environment.metrics_addr.rpartition(":")
        wanted["METRICS_ADDR"] = (host.strip("[]"), int(digits))
    until = time.monotonic() + patience_s
    for setting, (host, port) in wanted.items():
        while not is_free(setting, host, port):
            if time.monotonic() > until:
                raise Refusal(
                    f"Port {port} is taken by another program: stop that program, or set {setting} to a free port."
                )
            time.sleep(0.05)


def is_free(setting: str, host: str, port: int) -> bool:
    """Whether this machine would let a service listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        # As servers do: connections of an earlier run that linger in TIME_WAIT are no obstacle.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except PermissionError as error:
            raise Refusal(f"Port {port} needs more rights than this user has: set {setting} above 1023.") from error
        except (socket.gaierror, OSError) as error:
            if isinstance(error, socket.gaierror) or error.errno == 99:
                raise Refusal(f"{host} is no address of this machine: correct {_host_setting(setting)}.") from error
            return False
    return True


def _host_setting(setting: str) -> str:
    return "METRICS_ADDR" if setting == "METRICS_ADDR" else "BIND_HOST"
