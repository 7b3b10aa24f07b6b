"""It is NOON; the clock stands still, and tests move it. Alice's contests open in two days."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from momentum.web.accounts.models import User
from momentum.web.contests.actions import ContestSettings, create_contest
from momentum.web.contests.models import Contest
from momentum.web.questions.models import Question

NOON = datetime(2030, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
OPENING = NOON + 2 * DAY
Clock = time_machine.Traveller


@pytest.fixture(autouse=True)
def clock() -> Iterator[Clock]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def set_up(alice: User, bank: list[Question]) -> Callable[..., Contest]:
    def make(**settings: Any) -> Contest:
        defaults = {"name": "Exam", "question_count": 4, "opens_at": OPENING, "closes_at": OPENING + HOUR}
        return create_contest(alice, ContestSettings(**{"contest_type": "standard", **defaults, **settings}))

    return make


@pytest.fixture
def standard(set_up: Callable[..., Contest]) -> Contest:
    return set_up()


@pytest.fixture
def live(alice: User, bank: list[Question]) -> Contest:
    settings = ContestSettings(name="Friday quiz", question_count=3, planned_at=OPENING)
    return create_contest(alice, settings)
