"""What an answer is worth. Every rule that gives points has a name here; all of it in whole numbers."""

FULL_POINTS = 1000
INSTANT_MS = 500
MAX_CREDIT_MS = 150
MAX_STREAK = 10
"""Right answers in a row beyond which a streak multiplies by no more."""


def credit(elapsed_ms: int, network_ms: int) -> int:
    """Milliseconds taken off an answer's time for the network: at most MAX_CREDIT_MS, never more than the time."""
    return max(min(network_ms, MAX_CREDIT_MS, elapsed_ms), 0)


def time_taken(elapsed_ms: int, credit_ms: int, timer_ms: int) -> int:
    """Milliseconds an answer took, less the network's credit: within 0..timer_ms."""
    return min(max(elapsed_ms - credit_ms, 0), timer_ms)


def speed_points(t_ms: int, timer_ms: int) -> int:
    """round(1000 * (1 - (t/T)/2)), halves up; full points under half a second. 500..1000 for t within 0..T."""
    if t_ms < INSTANT_MS:
        return FULL_POINTS
    return (FULL_POINTS * (2 * timer_ms - t_ms) + timer_ms) // (2 * timer_ms)


def points(*, correct: bool, t_ms: int, timer_ms: int) -> int:
    """Points for one answer: nothing for a wrong one."""
    return speed_points(t_ms, timer_ms) if correct else 0


def multiplier(streak: int) -> int:
    """By how much `streak` right answers in a row multiply the next one, in tenths: 10 (x1.0) to 20 (x2.0)."""
    return 10 + min(streak, MAX_STREAK)


def streak_points(points: int, streak: int) -> int:
    """Points times the multiplier, halves up."""
    return (points * multiplier(streak) + 5) // 10
