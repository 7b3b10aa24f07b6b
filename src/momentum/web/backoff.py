"""How long to wait before trying again. Pure."""

from datetime import timedelta


def pause(tries: int, *, first: timedelta, most: timedelta, chance: float) -> timedelta:
    """The pause after so many tries: `first`, doubled with each, at most `most`; then between half and all of that.

    `chance`: from 0 to 1, so that what failed together does not come back together.
    """
    doublings = min(max(tries, 1) - 1, 40)
    whole: timedelta = min(first * 2.0**doublings, most)
    return whole * (0.5 + chance / 2)
