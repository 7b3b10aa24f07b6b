"""Everything goes wrong at the same time."""

import pytest

from .nemesis import FAULTS
from .profiles import PROFILES
from .regressions import REGRESSIONS
from .seeds import blocks, play_well

SIGNS = {
    "kill": "kill ", "lose_power": "lose power", "stop": "go on", "terminate": "terminate", "wall": "wall",
    "steal": "steal", "database_down": "database down", "bad_weather": "weather", "isolate": "isolate",
    "bad_roads": "roads", "cut": "cut", "storm": "storm", "half_open": "stall", "slow_reader": "unread",
}  # fmt: skip


@pytest.mark.parametrize("seeds", blocks(200), ids=str)
def test_nothing_is_lost_whatever_happens_together(seeds: range) -> None:
    play_well("everything", seeds)


@pytest.mark.parametrize("seeds", blocks(200), ids=str)
def test_nothing_is_lost_where_people_play_across_nodes_meanwhile(seeds: range) -> None:
    play_well("across", seeds)


@pytest.mark.parametrize(("profile", "seed"), REGRESSIONS)
def test_what_went_wrong_once_goes_well(profile: str, seed: int) -> None:
    play_well(profile, [seed])


def test_every_fault_is_done_by_some_profile_and_leaves_its_sign() -> None:
    assert set(FAULTS) == {fault for profile in PROFILES.values() for fault in profile.faults}
    runs = [run for name in PROFILES for run in play_well(name, range(8))]
    traces = "\n".join(str(run.trace) for run in runs)
    assert [fault for fault in FAULTS if f" {SIGNS[fault]}" not in traces] == []
