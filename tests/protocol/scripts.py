"""Hypothesis strategies: whole games, as settings, a key, and a script of what people do."""

import pytest
from hypothesis import strategies as st

from .stage import ALICE, CHARLIE, PLAYERS, SCREEN, Action

ANSWERS: st.SearchStrategy[Action] = st.tuples(
    st.just("answer"), st.sampled_from(PLAYERS), st.integers(0, 3), st.integers(0, 15_000)
)
ACTIONS: st.SearchStrategy[Action] = st.one_of(
    st.tuples(st.just("answer"), st.sampled_from((CHARLIE, ALICE)), st.integers(0, 3), st.just(1_000)),
    st.tuples(st.just("answer again"), st.sampled_from(PLAYERS), st.integers(0, 3), st.integers(1, 3)),
    st.tuples(st.sampled_from(["next", "next", "skip", "pause", "resume", "start"])),
    st.tuples(st.just("come"), st.sampled_from((*PLAYERS, CHARLIE, ALICE, SCREEN))),
    st.tuples(st.sampled_from(["drop", "leave", "kick"]), st.sampled_from((*PLAYERS, CHARLIE))),
    st.tuples(st.just("wait"), st.sampled_from([100, 3_000, 16_000])),
    st.tuples(st.just("lock"), st.booleans()),
    st.sampled_from([("end",), ("drop", ALICE)]),
)
SCRIPTS = st.lists(st.one_of(ANSWERS, ANSWERS, ANSWERS, ACTIONS), min_size=2, max_size=25).map(
    lambda actions: [("start",), *actions]
)
KEYS = st.lists(st.integers(0, 3), min_size=1, max_size=3).map(tuple)
SETTINGS = st.fixed_dictionaries(
    {
        "host_plays": st.booleans(),
        "late_join": st.booleans(),
        "countdown_ms": st.sampled_from([0, 3_000]),
        "intermission_ms": st.sampled_from([None, 4_000]),
    }
)
in_every_way = pytest.mark.parametrize("reveal", ["at_close", "immediate"])
at_every_pace = pytest.mark.parametrize("pace", ["race", "everyone"])
