"""One `serve` per data directory, on ports that are free."""

import os
import socket
from collections.abc import Callable
from dataclasses import replace
from subprocess import Popen

import pytest

from momentum.environment import Environment
from momentum.wiring.instance import only_one, require_free_ports
from momentum.wiring.refusal import Refusal

HOLD = """
import sys, time, pathlib
from momentum.wiring.instance import only_one
with only_one(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_serve_on_the_same_data_directory_is_refused_by_name(environment: Environment) -> None:
    with only_one(environment.data_dir), pytest.raises(Refusal, match=f"process {os.getpid()}") as refusal:
        with only_one(environment.data_dir):
            pass
    assert str(environment.data_dir) in str(refusal.value)


def test_the_data_directory_is_free_again_after_a_clean_end(environment: Environment) -> None:
    for _ in range(2):
        with only_one(environment.data_dir):
            pass


def test_the_data_directory_is_free_again_after_a_crash(
    environment: Environment, start: Callable[..., "Popen[str]"]
) -> None:
    holder = start("-c", HOLD, str(environment.data_dir))
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(Refusal, match=f"process {holder.pid}"), only_one(environment.data_dir):
        pass
    holder.kill()
    holder.wait()
    with only_one(environment.data_dir):
        pass


def test_free_ports_are_found_free(environment: Environment) -> None:
    require_free_ports(environment)


@pytest.mark.parametrize(("setting", "field"), [("WEB_PORT", "web_port"), ("REALTIME_PORT", "realtime_port")])
def test_a_taken_port_is_named_together_with_its_setting(environment: Environment, setting: str, field: str) -> None:
    port = getattr(environment, field)
    with socket.create_server(("127.0.0.1", port)):
        with pytest.raises(Refusal, match=rf"Port {port} is taken.*set {setting} to a free port"):
            require_free_ports(environment, patience_s=0)


def test_a_taken_port_for_metrics_is_named_too(environment: Environment) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(Refusal, match="METRICS_ADDR"):
            require_free_ports(replace(environment, metrics_addr=address), patience_s=0)


def test_an_address_that_this_machine_does_not_have_is_refused(environment: Environment) -> None:
    with pytest.raises(Refusal, match="correct BIND_HOST"):
        require_free_ports(replace(environment, bind_host="203.0.113.77"), patience_s=0)


def test_a_port_that_is_closed_just_now_is_waited_for(environment: Environment) -> None:
    listener = socket.create_server(("127.0.0.1", environment.web_port))
    with socket.create_connection(listener.getsockname()) as visitor:
        accepted, _ = listener.accept()
        accepted.close()  # the side that closes first is left in TIME_WAIT
        visitor.recv(1)
    listener.close()
    require_free_ports(environment)
