"""Contests that are open at NOON. The clock stands still; tests move it."""

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
Clock = time_machine.Traveller


@pytest.fixture(autouse=True)
def clock() -> Iterator[Clock]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def set_up(alice: User, bank: list[Question]) -> Callable[..., Contest]:
    """A contest of Alice's, open from now on for an hour."""

    def make(contest_type: str = "standard", **settings: Any) -> Contest:
        defaults = {"name": "Exam", "question_count": 4, "opens_at": NOON, "closes_at": NOON + HOUR}
        return create_contest(alice, ContestSettings(contest_type=contest_type, **{**defaults, **settings}))

    return make


@pytest.fixture
def standard(set_up: Callable[..., Contest]) -> Contest:
    return set_up()


@pytest.fixture
def marathon(set_up: Callable[..., Contest]) -> Contest:
    return set_up("marathon")
