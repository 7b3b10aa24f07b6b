from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from momentum.web.accounts.models import User
from momentum.web.mail import allowance, outbox
from momentum.web.mail.allowance import AllowanceSpent
from momentum.web.mail.models import Priority


@pytest.fixture(autouse=True)
def ten_a_day(configure: Callable[..., None]) -> None:
    configure(mails_per_day=10)


def send(user: User, count: int, priority: Priority = Priority.ORGANISER) -> None:
    for _ in range(count):
        outbox.post("test", "bob@example.org", "Hello", "There", priority=priority, asked_by=user)


def test_it_counts_what_an_account_sent_to_others_in_24_hours(alice: User, bob: User) -> None:
    send(alice, 4)
    send(alice, 3, Priority.ACCOUNT)
    send(bob, 2)
    assert allowance.left(alice) == 6
    allowance.demand(alice, 6)
    with pytest.raises(AllowanceSpent) as refusal:
        allowance.demand(alice, 7)
    assert (refusal.value.left, refusal.value.status, refusal.value.error) == (6, 429, "too_many_mails")
    with time_machine.travel(timezone.now() + timedelta(hours=24, seconds=1)):
        allowance.demand(alice, 10)


def test_it_says_when_so_many_can_go(alice: User) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        send(alice, 4)
        clock.shift(timedelta(hours=5))
        send(alice, 4)
        for count, hours in ((3, 24), (6, 24), (7, 29), (10, 29)):
            with pytest.raises(AllowanceSpent) as refusal:
                allowance.demand(alice, count)
            assert refusal.value.more_at is not None
            assert refusal.value.more_at - start == timedelta(hours=hours), count
            assert "2 more mails" in str(refusal.value)
            with time_machine.travel(refusal.value.more_at):
                allowance.demand(alice, count)


def test_more_than_all_of_it_never_goes(alice: User) -> None:
    with pytest.raises(AllowanceSpent) as refusal:
        allowance.demand(alice, 11)
    assert refusal.value.more_at is None
    assert "fewer" in str(refusal.value)
