from collections.abc import Iterable

from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from momentum.web.leaderboards import standing
from momentum.web.leaderboards.models import Board, Total
from momentum.web.leaderboards.standing import Cursor

Lines = list[tuple[int, int]]
LINES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=25)


def board_of(lines: Lines) -> Board:
    board = Board.objects.create(scope="site", period="all", subject="all")
    Total.objects.bulk_create(
        Total(board=board, player=f"{number:04x}", score=score, correct_ms=ms, correct_count=0, answer_count=0, plays=1)
        for number, (score, ms) in enumerate(lines)
    )
    return board


def ranks(lines: Lines) -> list[tuple[str, int]]:
    """The board as game/ranking.py would have it."""
    keys = [((-score, ms), f"{number:04x}") for number, (score, ms) in enumerate(lines)]
    return [(player, 1 + sum(other < key for other, _ in keys)) for key, player in sorted(keys)]


def all_pages(board: Board, limit: int) -> Iterable[standing.Placed]:
    after = ""
    while True:
        page = standing.page(Total.objects.filter(board=board), Cursor.read(after), limit)
        yield from page.rows
        if not page.after:
            return
        assert len(page.rows) == limit
        after = page.after


@settings(deadline=None)  # the machine may be busy
@given(lines=LINES, limit=st.integers(1, 7))
def test_pages_are_the_whole_board_in_order_with_shared_ranks(lines: Lines, limit: int) -> None:
    with transaction.atomic():
        board = board_of(lines)
        found = [(placed.total.player, placed.rank) for placed in all_pages(board, limit)]
        assert found == ranks(lines)
        transaction.set_rollback(True)


@settings(deadline=None)  # the machine may be busy
@given(lines=LINES.filter(len))
def test_an_own_rank_is_that_of_the_board(lines: Lines) -> None:
    with transaction.atomic():
        totals = Total.objects.filter(board=board_of(lines))
        assert {(total.player, standing.rank(totals, total)) for total in totals} == set(ranks(lines))
        transaction.set_rollback(True)


@settings(deadline=None)  # the machine may be busy
@given(text=st.text())
def test_what_no_page_has_given_out_is_no_cursor(text: str) -> None:
    cursor = Cursor.read(text)
    assert cursor is None or Cursor.read(str(cursor)) == cursor


def test_a_cursor_is_text_and_back() -> None:
    cursor = Cursor(10, 20, 3, 2, "guest_0a")
    assert Cursor.read(str(cursor)) == cursor
