"""apply and replay: the journal is the game."""

import msgspec
import pytest

from momentum.game import events
from momentum.game.apply import apply, replay
from momentum.game.phases import IllegalTransition

from .table import BOB, DORA, RIGHT, SITUATIONS, WRONG, created, playing


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_replayed_journal_is_the_live_game(situation: str) -> None:
    table = SITUATIONS[situation]()
    assert replay(table.journal) == table.game


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_journal_survives_being_written_down(situation: str) -> None:
    table = SITUATIONS[situation]()
    written = [msgspec.json.encode(event) for event in table.journal]
    assert replay(msgspec.json.decode(line, type=events.AnyEvent) for line in written) == table.game


def test_the_position_in_the_journal_is_the_number_of_events() -> None:
    table = SITUATIONS["over"]()
    assert table.game.rev == len(table.journal)


def test_what_cannot_change_the_board_does_not_move_its_position() -> None:
    table = playing()
    before = table.game.board_rev
    table.answer(BOB)
    assert table.game.board_rev == before
    table.close()
    assert table.game.board_rev == table.game.rev


def test_scores_move_when_the_question_closes() -> None:
    table = playing()
    table.answer(BOB, elapsed_ms=1_000)
    assert table.game.seats[BOB].score == 0
    table.answer(DORA, WRONG, elapsed_ms=2_000)
    bob, dora = table.game.seats[BOB], table.game.seats[DORA]
    assert (bob.score, bob.correct_ms, bob.correct_count) == (967, 1_000, 1)
    assert (dora.score, dora.correct_ms, dora.correct_count) == (0, 0, 0)


def test_old_points_stay_what_the_journal_says() -> None:
    table = playing()
    answer = events.AnswerGiven(at=10, number=1, user_id=BOB, choice=1, correct=True, points=123, t_ms=10, credit_ms=0)
    apply(table.game, answer)
    apply(table.game, events.QuestionClosed(at=20, number=1, reason="won"))
    assert table.game.seats[BOB].score == 123


def test_the_clock_of_the_game_never_goes_back() -> None:
    table = playing()
    latest = table.game.last_at = 5_000
    apply(table.game, events.GameLocked(at=4_000, locked=True))
    assert table.game.last_at == latest


def test_an_event_that_the_phase_does_not_allow_changes_nothing() -> None:
    table = playing()
    with pytest.raises(IllegalTransition):
        apply(table.game, events.GameStarted(at=1, first_question_at=1))
    assert replay(table.journal) == table.game


def test_a_journal_begins_with_the_creation_and_has_no_second_one() -> None:
    with pytest.raises(AssertionError):
        replay([])
    with pytest.raises(AssertionError):
        replay([events.GameLocked(at=0, locked=True)])
    with pytest.raises(KeyError):
        replay([created(), created()])


def test_an_event_of_the_future_is_not_read() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"kind":"game_locked","at":1,"locked":true,"why":"?"}', type=events.AnyEvent)
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"kind":"lights_out","at":1}', type=events.AnyEvent)


def test_events_take_no_fractions() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"kind":"question_opened","at":0.5,"number":1,"deadline":2}', type=events.AnyEvent)


def test_the_record_of_an_answer_names_the_option_by_its_place() -> None:
    table = playing()
    table.answer(BOB)
    assert table.game.question.options[table.game.answered[BOB].choice] == RIGHT
