"""The database is slow, away, silent, or cut off from one node; and nodes take games whose owners live."""

import pytest

from .seeds import blocks, play_well


@pytest.mark.parametrize("seeds", blocks(300), ids=str)
def test_the_database_may_fail_and_leave_open_what_it_has_kept(seeds: range) -> None:
    play_well("database", seeds)


@pytest.mark.parametrize("seeds", blocks(250), ids=str)
def test_a_game_may_have_two_owners_without_any_lease(seeds: range) -> None:
    play_well("two_owners", seeds)
