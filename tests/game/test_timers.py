"""The one timer a game waits for."""

import pytest

from momentum.game import commands
from momentum.game.timers import next_timer

from .table import (
    ALICE,
    COUNTDOWN_MS,
    INTERMISSION_MS,
    SITUATIONS,
    TIMER_MS,
    Table,
    playing,
    seated,
)


@pytest.mark.parametrize("situation", ["lobby", "over", "paused starting", "paused question", "paused reveal"])
def test_nothing_is_timed_before_the_start_in_a_pause_and_after_the_end(situation: str) -> None:
    assert next_timer(SITUATIONS[situation]().game) is None


def test_the_countdown_is_timed() -> None:
    assert next_timer(SITUATIONS["starting"]().game) == (COUNTDOWN_MS, commands.OpenQuestion(after=0))


def test_a_question_is_timed_until_no_answer_can_be_in_time_any_more() -> None:
    table = seated()
    table.at = 1_000
    table.open_next()
    assert table.game.deadline == 1_000 + TIMER_MS
    assert next_timer(table.game) == (1_000 + TIMER_MS + 50 + 1, commands.CloseQuestion(number=1))


def test_the_intermission_is_timed_unless_the_host_says_when() -> None:
    table = playing()
    table.close()
    assert next_timer(table.game) == (table.at + INTERMISSION_MS, commands.OpenQuestion(after=1))
    by_the_host = playing(intermission_ms=None)
    by_the_host.close()
    assert next_timer(by_the_host.game) is None


@pytest.mark.parametrize("situation", ["starting", "question", "reveal"])
def test_a_timer_does_its_work_when_it_is_due_and_not_a_millisecond_before(situation: str) -> None:
    table = SITUATIONS[situation]()
    timed = next_timer(table.game)
    assert timed is not None
    due, command = timed
    table.at = due - 1
    assert table.told(command) == ""
    table.at = due
    assert table.told(command) != ""
    assert table.told(command) == "", "a timer that fires twice"


@pytest.mark.parametrize("situation", ["starting", "question", "reveal"])
def test_a_pause_and_its_end_leave_the_timer_where_it_was(situation: str) -> None:
    table = SITUATIONS[situation]()
    timed = next_timer(table.game)
    table.events(commands.Pause(by=ALICE))
    table.events(commands.Resume(by=ALICE))
    assert next_timer(table.game) == timed


def ends_by_timers(table: Table) -> bool:
    while next_timer(table.game) is not None:
        table.fire()
    return table.game.end_reason == "completed"


def test_a_game_that_everybody_has_dropped_out_of_ends_by_its_timers() -> None:
    assert ends_by_timers(playing())


def test_a_game_that_everybody_has_left_ends_by_its_timers() -> None:
    table = playing("bob")
    table.events(commands.Leave(user_id="bob", present=()))
    assert ends_by_timers(table)
    assert [table.game.number, len(table.game.closings)] == [3, 3]
