"""Processes are killed, stopped for a while, ended in order; their machines vanish; their clocks jump."""

import pytest

from .seeds import blocks, play_well

TAKEOVER_S = 2.0
"""From a kill until another node, or the next one there, has the game."""
SILENCE_S = 5.0
"""From a kill until everybody is in the game again: a takeover and, now and then, some unlucky tries to come back."""


@pytest.mark.parametrize("seeds", blocks(25), ids=str)
def test_games_are_played_where_nothing_goes_wrong(seeds: range) -> None:
    runs = play_well("calm", seeds)
    assert max(run.lasted_s for run in runs) < 60


@pytest.mark.parametrize("seeds", blocks(225), ids=str)
def test_a_killed_node_is_missed_by_nobody_for_long(seeds: range) -> None:
    runs = play_well("kill", seeds)
    assert max(wait for run in runs for wait in run.takeovers_s) < TAKEOVER_S
    assert max(silence for run in runs for silence in run.silences_s) < SILENCE_S


@pytest.mark.parametrize("seeds", blocks(250), ids=str)
def test_processes_may_be_killed_stopped_and_replaced(seeds: range) -> None:
    play_well("processes", seeds)


@pytest.mark.parametrize("seeds", blocks(150), ids=str)
def test_a_node_that_is_alone_comes_back_and_goes_on(seeds: range) -> None:
    play_well("alone", seeds)


@pytest.mark.parametrize("seeds", blocks(150), ids=str)
def test_clocks_may_jump_by_an_hour(seeds: range) -> None:
    play_well("clocks", seeds)
