"""In which order questions and options come. The same seed gives the same order."""

import random
from collections.abc import Sequence

STEP = 5
CLIMB = ("easy", "medium", "hard")
"""A marathon's run asks STEP questions of each difficulty, then the hardest that are left."""


def climb(difficulties: Sequence[str], seed: int) -> list[int]:
    """The order of a run over questions of these difficulties, as indexes: five easy ones, five medium ones, all the
    hard ones, then what is left, the harder first. Each once."""
    shuffled = list(range(len(difficulties)))
    random.Random(f"questions {seed}").shuffle(shuffled)
    by_level = {level: [index for index in shuffled if difficulties[index] == level] for level in CLIMB}
    first = [index for level in CLIMB for index in by_level[level][:STEP]]
    rest = [index for level in reversed(CLIMB) for index in by_level[level][STEP:]]
    return first + rest


def option_order(count: int, seed: int, position: int) -> list[int]:
    """In which order a player of this seed sees the options of question number `position`."""
    order = list(range(count))
    random.Random(f"options {seed} {position}").shuffle(order)
    return order
