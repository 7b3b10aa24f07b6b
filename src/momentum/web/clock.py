"""The server's clock in whole milliseconds, as rows and rules have it."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOMENT = timedelta(milliseconds=1)


def now_ms() -> int:
    return to_ms(timezone.now())


def to_ms(instant: datetime) -> int:
    """Unix milliseconds, rounded down."""
    return (instant - EPOCH) // MOMENT


def from_ms(ms: int) -> datetime:
    return EPOCH + timedelta(milliseconds=ms)
