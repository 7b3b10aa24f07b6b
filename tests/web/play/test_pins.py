from datetime import timedelta

import pytest
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from momentum.web.accounts.models import User
from momentum.web.contests.actions import ContestSettings, create_contest
from momentum.web.contests.models import Contest
from momentum.web.contests.opening import encoded_opening
from momentum.web.play import pins
from momentum.web.play.models import Pin

from ..cast import end_game, open_pin


def test_a_contest_has_one_open_pin(contest: Contest) -> None:
    first = pins.get_or_issue(contest, encoded_opening)
    assert pins.get_or_issue(contest, encoded_opening) == first
    assert len(first.code) == 6
    assert first.code[0] != "0"


def test_the_database_allows_one_open_pin_per_contest_and_per_code(contest: Contest, alice: User) -> None:
    pin = open_pin(contest)
    other = create_contest(alice, ContestSettings(name="Other", question_count=1))
    for fields in ({"contest": contest, "code": "654321"}, {"contest": other, "code": pin.code}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Pin.objects.create(game_id="00000000-0000-4000-8000-000000000001", **fields)


@pytest.mark.parametrize("code", ["012345", "12345", "1234567", "abcdef", ""])
def test_the_database_allows_six_digits_only(contest: Contest, code: str) -> None:
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        Pin.objects.create(contest=contest, code=code, game_id="00000000-0000-4000-8000-000000000001")


def test_a_retired_code_may_be_issued_again(contest: Contest, alice: User) -> None:
    pin = open_pin(contest)
    end_game(pin, questions=0)
    assert pins.retire_ended() == 1
    Pin.objects.create(contest=contest, code=pin.code, game_id="00000000-0000-4000-8000-000000000001")
    found = pins.by_code(pin.code)
    assert found is not None
    assert found.pk != pin.pk


def test_retiring_forgets_the_questions(contest: Contest) -> None:
    pin = open_pin(contest)
    assert "answer" in pin.opening
    pins.retire(pin)
    assert Pin.objects.get().opening == ""


def test_pins_of_games_that_realtime_never_heard_of_are_retired_after_minutes(contest: Contest) -> None:
    pins.get_or_issue(contest, encoded_opening)
    assert pins.retire_ended() == 0
    Pin.objects.update(issued_at=timezone.now() - timedelta(minutes=6))
    assert pins.retire_ended() == 1
    assert Pin.objects.get().retired_at is not None


def test_running_games_keep_their_pins(contest: Contest) -> None:
    open_pin(contest)
    Pin.objects.update(issued_at=timezone.now() - timedelta(days=2))
    assert pins.retire_ended() == 0
