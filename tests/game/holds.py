"""What must hold in every game, after every command."""

import json
from collections.abc import Callable, Sequence
from typing import NoReturn

import msgspec

from momentum.game import commands, events, names, ranking
from momentum.game.apply import apply, replay
from momentum.game.decide import decide
from momentum.game.model import RELAY_GRACE_MS, Game
from momentum.game.phases import Phase
from momentum.game.timers import next_timer

from .table import Table


def the_journal_is_the_game(table: Table) -> None:
    written = [msgspec.json.encode(event) for event in table.journal]
    for line in written:
        json.loads(line, parse_float=no_float, parse_constant=no_float)
    again = replay(msgspec.json.decode(line, type=events.AnyEvent) for line in written)
    assert again == table.game
    assert [*again.seats] == [*table.game.seats]
    assert [*again.answered] == [*table.game.answered]
    assert board(again) == board(table.game)
    assert table.game.rev == len(table.journal)


def every_started_game_ends(table: Table) -> None:
    if table.game.started:
        assert_ends(replay(table.journal), table.at)


def scores_are_the_points_in_the_journal(table: Table) -> None:
    counting = {closing.number for closing in table.all(events.QuestionClosed) if not closing.voided}
    answers = [answer for answer in table.all(events.AnswerGiven) if answer.number in counting]
    for seat in table.game.seats.values():
        own = [answer for answer in answers if answer.user_id == seat.user_id]
        right = [answer for answer in own if answer.correct]
        assert seat.score == sum(answer.points for answer in own)
        assert (seat.correct_ms, seat.correct_count) == (sum(answer.t_ms for answer in right), len(right))


def answers_are_single_and_worth_what_they_may_be(table: Table) -> None:
    answers = table.all(events.AnswerGiven)
    assert len({(answer.number, answer.user_id) for answer in answers}) == len(answers)
    timer_ms = table.game.settings.timer_ms
    for answer in answers:
        assert answer.points in range(500, 1001) if answer.correct else answer.points == 0
        assert 0 <= answer.t_ms <= timer_ms
        assert 0 <= answer.credit_ms <= 150
        assert answer.correct == (answer.choice == table.game.questions[answer.number - 1].correct)


def answers_stand_between_opening_and_closing_of_who_was_there(table: Table) -> None:
    game, eligible, number = replay(table.journal[:1]), set[str](), 0
    for event in table.journal[1:]:
        if isinstance(event, events.QuestionOpened):
            eligible, number = {seat.user_id for seat in game.players}, event.number
        elif isinstance(event, events.QuestionClosed):
            number = 0
        elif isinstance(event, events.AnswerGiven):
            assert event.number == number
            assert event.user_id in eligible
            assert event.at <= game.deadline + RELAY_GRACE_MS
        apply(game, event)


def questions_open_and_close_once_and_in_order(table: Table) -> None:
    opened = [event.number for event in table.all(events.QuestionOpened)]
    closed = [event.number for event in table.all(events.QuestionClosed)]
    assert opened == [*range(1, len(opened) + 1)]
    assert closed == opened[: len(opened) - (table.game.phase is Phase.QUESTION)]
    assert len(opened) <= len(table.game.questions)


def it_starts_and_ends_once(table: Table) -> None:
    assert len(table.all(events.GameStarted)) in ({1} if table.game.number else {0, 1})
    assert len(table.all(events.GameEnded)) == (table.game.phase is Phase.OVER)
    if table.game.end_reason == "completed":
        assert table.game.number == len(table.game.questions)


def seats_stay_within_the_capacity(table: Table) -> None:
    assert table.game.seats_taken == sum(seat.gone != "kicked" for seat in table.game.seats.values())
    assert len(table.game.players) <= table.game.seats_taken <= table.game.settings.max_players


def names_are_clean_and_unique(table: Table) -> None:
    seats = table.game.seats.values()
    keys = [names.key(seat.username) for seat in seats]
    assert dict(zip(keys, (seat.user_id for seat in seats), strict=True)) == table.game.names
    assert all(names.clean(seat.username) == seat.username for seat in seats)


def who_was_kicked_is_out_for_good(table: Table) -> None:
    kicked = {event.user_id for event in table.all(events.PlayerLeft) if event.reason == "kicked"}
    assert kicked == table.game.banned
    assert not any(table.game.seated(user_id) for user_id in kicked)
    assert not kicked & {seat.user_id for _, seat in ranking.standings(table.game.seats.values())}


def hosts_have_seats_only_if_they_play(table: Table) -> None:
    assert table.game.settings.host_plays or not table.game.hosts.keys() & table.game.seats.keys()
    assert all(seat.is_host == (seat.user_id in table.game.hosts) for seat in table.game.seats.values())


def an_open_question_waits_for_somebody(table: Table) -> None:
    awaited = table.game.awaited
    assert table.game.phase is Phase.QUESTION or not awaited
    assert awaited or table.game.paused or table.game.phase is not Phase.QUESTION
    assert not awaited & table.game.answered.keys()
    assert awaited <= table.game.eligible & {seat.user_id for seat in table.game.players}


def only_a_running_game_is_paused(table: Table) -> None:
    assert not table.game.paused or table.game.phase not in (Phase.LOBBY, Phase.OVER)
    assert table.game.next_at is None or table.game.phase in (Phase.STARTING, Phase.REVEAL)


def generations_only_rise(table: Table) -> None:
    seen: dict[str, int] = {}
    for event in table.all(events.SeatRekeyed):
        assert event.generation >= seen.get(event.user_id, 0)
        seen[event.user_id] = event.generation
    assert seen == table.game.generations


def board(game: Game) -> bytes:
    standings = ranking.standings(game.seats.values())
    return msgspec.json.encode([(rank, seat.user_id, seat.username, seat.score) for rank, seat in standings])


def no_float(text: str) -> NoReturn:
    raise AssertionError(f"{text} is no whole number")


def assert_ends(game: Game, at: int) -> None:
    """Timers alone, and going on where nothing is timed, end the game within two steps a question and three more."""
    for _ in range(2 * len(game.questions) + 3):
        if game.phase is Phase.OVER:
            return
        due, command = next_timer(game) or (at, commands.CarryOn(after=game.number))
        at = max(at, due)
        outcome = decide(game, command, at)
        assert isinstance(outcome, Sequence)
        assert outcome, command
        for event in outcome:
            apply(game, event)
    assert game.phase is Phase.OVER


INVARIANTS: tuple[Callable[[Table], None], ...] = (
    the_journal_is_the_game,
    every_started_game_ends,
    scores_are_the_points_in_the_journal,
    answers_are_single_and_worth_what_they_may_be,
    answers_stand_between_opening_and_closing_of_who_was_there,
    questions_open_and_close_once_and_in_order,
    it_starts_and_ends_once,
    seats_stay_within_the_capacity,
    names_are_clean_and_unique,
    who_was_kicked_is_out_for_good,
    hosts_have_seats_only_if_they_play,
    an_open_question_waits_for_somebody,
    only_a_running_game_is_paused,
    generations_only_rise,
)
