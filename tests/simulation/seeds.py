"""Many simulations in one test."""

from collections.abc import Iterable

from .world import Run, simulate

BLOCK = 25
"""Simulations in one test: some seconds."""


def blocks(count: int) -> list[range]:
    """The seeds from 0 on, in blocks."""
    return [range(first, first + BLOCK) for first in range(0, count, BLOCK)]


def play_well(profile: str, seeds: Iterable[int]) -> list[Run]:
    """Play all of them. Fails with what does not hold, and how to see it again."""
    runs = [simulate(seed, profile) for seed in seeds]
    bad = [run for run in runs if run.violations]
    assert not bad, "\n".join(sentence for run in bad for sentence in (again(run), *run.violations))
    return runs


def again(run: Run) -> str:
    """The command that plays a simulation once more."""
    return f"python -m tests.simulation --verbose --profile {run.profile} --seed {run.seed}"
