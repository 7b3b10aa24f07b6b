"""Hypothesis profiles: a quick one by default, HYPOTHESIS_PROFILE=thorough for minutes (with -o timeout=0)."""

import os

from hypothesis import settings

settings.register_profile(
    "quick", max_examples=25, stateful_step_count=30, deadline=None, derandomize=True, database=None
)
settings.register_profile("thorough", max_examples=1_000, stateful_step_count=50, deadline=None, database=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
