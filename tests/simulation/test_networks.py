"""Sockets break, hang, or are not read; what passes between nodes is lost, doubled and out of order."""

import pytest

from .seeds import blocks, play_well


@pytest.mark.parametrize("seeds", blocks(200), ids=str)
def test_sockets_may_break_in_every_way(seeds: range) -> None:
    play_well("network", seeds)


@pytest.mark.parametrize("seeds", blocks(300), ids=str)
def test_people_play_across_nodes_over_a_backplane_that_loses_things(seeds: range) -> None:
    play_well("backplane", seeds)
