"""The board: its order, shared ranks, and who is not on it."""

import random

from hypothesis import given
from hypothesis import strategies as st

from momentum.game import commands
from momentum.game.events import LeaveReason
from momentum.game.model import Seat
from momentum.game.ranking import ranked, standings

from .table import ALICE, BOB, CHARLIE, DORA, WRONG, Anybody, playing

SMALL = st.integers(0, 3)
GONE: st.SearchStrategy[LeaveReason | None] = st.sampled_from((None, "left", "kicked"))


@st.composite
def seats(draw: st.DrawFn) -> list[Seat]:
    rows = draw(st.lists(st.tuples(SMALL, SMALL, GONE), max_size=12))
    return [
        Seat(f"u{order}", f"U{order}", is_host=False, order=order, score=score, correct_ms=correct_ms, gone=gone)
        for order, (score, correct_ms, gone) in enumerate(rows, start=1)
    ]


@given(seats())
def test_the_order_is_total_and_only_equals_share_a_rank(table: list[Seat]) -> None:
    board = standings(table)
    assert {standing.seat.user_id for standing in board} == {seat.user_id for seat in table if seat.gone != "kicked"}
    for rank, seat in board:
        better = [s for _, s in board if (s.score, -s.correct_ms) > (seat.score, -seat.correct_ms)]
        assert rank == 1 + len(better)
    order = [(-seat.score, seat.correct_ms, seat.order) for _, seat in board]
    assert order == sorted(set(order))


@given(seats(), st.randoms(use_true_random=False))
def test_the_board_does_not_hang_on_the_order_of_seats(table: list[Seat], rng: random.Random) -> None:
    shuffled = rng.sample(table, len(table))
    assert standings(shuffled) == standings(table)


@given(seats(), st.integers(1, 4))
def test_the_pages_of_a_board_are_the_board(table: list[Seat], size: int) -> None:
    whole = ranked(table)
    pages = []
    for above in range(0, len(whole), size):
        pages += ranked([seat for _, seat in whole[above : above + size]], above=above, first_rank=whole[above][0])
    assert pages == whole


def test_score_goes_before_time_and_time_before_joining() -> None:
    table = playing(BOB, CHARLIE, DORA, "eve", questions=1)
    for user_id, answer, elapsed_ms in [(BOB, WRONG, 100), (CHARLIE, "Paris", 3_000), (DORA, "Paris", 2_000)]:
        table.answer(user_id, answer, elapsed_ms)
    table.answer("eve", elapsed_ms=2_000)
    board = [(rank, seat.user_id) for rank, seat in standings(table.game.seats.values())]
    assert board == [(1, DORA), (1, "eve"), (3, CHARLIE), (4, BOB)]


def test_the_faster_of_two_with_the_same_score_is_ahead() -> None:
    table = playing(BOB, DORA, questions=1)
    table.answer(BOB, elapsed_ms=499)
    table.answer(DORA, elapsed_ms=0)
    assert [(rank, seat.user_id) for rank, seat in standings(table.game.seats.values())] == [(1, DORA), (2, BOB)]


def test_who_was_kicked_is_off_the_board_and_who_left_stays_on_it() -> None:
    table = playing(BOB, DORA, CHARLIE)
    table.answer(BOB)
    table.do(commands.Leave(user_id=DORA, present=Anybody()))
    table.do(commands.Kick(by=ALICE, user_id=BOB, present=Anybody()))
    assert [seat.user_id for _, seat in standings(table.game.seats.values())] == [DORA, CHARLIE]
