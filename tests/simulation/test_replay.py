"""The same seed plays the same simulation, byte for byte, in any process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .profiles import PROFILES
from .world import simulate

ROOT = Path(__file__).parents[2]


def played_elsewhere(seed: int, profile: str, hash_seed: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.simulation", "--seed", str(seed), "--profile", profile, "--verbose"]
    environment = os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT / "src")}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("profile", PROFILES)
def test_the_same_seed_gives_the_same_trace(profile: str) -> None:
    first, second = simulate(4, profile), simulate(4, profile)
    assert str(first.trace) == str(second.trace)
    assert str(first.trace) != str(simulate(5, profile).trace)


@pytest.mark.parametrize(("seed", "profile"), [(1, "everything"), (2, "everything"), (3, "backplane")])
def test_it_does_so_in_other_processes_whatever_their_hashes(seed: int, profile: str) -> None:
    here = simulate(seed, profile)
    for hash_seed in ("1", "2"):
        there = played_elsewhere(seed, profile, hash_seed)
        assert there.stdout.startswith(f"{here.trace}\n"), there.stderr
        assert there.returncode == 0
