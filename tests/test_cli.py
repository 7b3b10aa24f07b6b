"""The `momentum` command: what it loads, how it refuses, which command calls what."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from momentum import cli

Momentum = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def momentum(tmp_path: Path) -> Momentum:
    """Runs the command in a process of its own, in an empty folder and an empty environment."""

    def run(*arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-P", "-m", "momentum", *arguments],
            cwd=tmp_path,
            env={"PYTHONPATH": ":".join(path for path in sys.path if path), **variables},
            capture_output=True,
            text=True,
        )

    return run


def test_help_names_every_command(momentum: Momentum) -> None:
    help_text = momentum("--help").stdout
    for command in (
        "serve", "web", "realtime", "worker", "bots", "migrate", "check", "status", "end", "replay", "manage",
    ):  # fmt: skip
        assert f"    {command} " in help_text


@pytest.mark.parametrize("arguments", [[], ["fly"], ["end"], ["bots"]])
def test_wrong_usage_is_refused_with_code_2(momentum: Momentum, arguments: list[str]) -> None:
    done = momentum(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: momentum")


def test_a_bad_setting_is_refused_with_one_sentence(momentum: Momentum) -> None:
    done = momentum("serve", WEB_PORT="many")
    assert done.returncode == 2
    assert (
        done.stderr == "momentum: WEB_PORT is not a whole number from 1 to 65535: change it, or remove it for 3000.\n"
    )


def test_a_refusal_is_one_sentence_with_code_1(momentum: Momentum) -> None:
    done = momentum("end", "not-a-game")
    assert done.returncode == 1
    assert done.stderr == "momentum: not-a-game is no game's id: momentum status lists the open games.\n"


@pytest.mark.parametrize("module", ["momentum.cli", "momentum.wiring.realtime", "momentum.wiring.supervisor"])
def test_what_must_start_quickly_or_without_the_site_does_not_load_django(module: str) -> None:
    code = f"import sys, {module}; sys.exit('django' in sys.modules)"
    path = ":".join(path for path in sys.path if path)
    assert subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": path}).returncode == 0


def test_djangos_own_commands_are_at_hand(momentum: Momentum) -> None:
    done = momentum("manage", "check", "--tag", "models")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_an_interrupted_command_ends_as_shells_expect(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setenv("MOMENTUM_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(cli, "status", interrupted)
    assert cli.main(["status"]) == 130
