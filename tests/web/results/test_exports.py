import csv
import io
import re
from datetime import datetime
from uuid import UUID

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from momentum.web.accounts.models import User
from momentum.web.contests.models import Contest
from momentum.web.games.models import Game, PlayerResult, QuestionResult
from momentum.web.play.models import Pin
from momentum.web.results import exports, sources
from momentum.web.results.report import Report
from momentum.web.results.tables import Table, tables

from ..cast import GINA, end_game, open_pin, saved

EVIL = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "\uff1d1",
    '=HYPERLINK("https://evil.example")',
    "a,b\n=1",
    "Bob;=1+1",
    "Bob; \t@SUM(A1)",
    ";;=1",
)


@pytest.fixture
def pin(contest: Contest, bob: User) -> Pin:
    pin = open_pin(contest)
    end_game(pin, bob, GINA)
    PlayerResult.objects.filter(user_id=GINA).update(username="=cmd|'/C calc'!A0", score=-5)
    QuestionResult.objects.filter(number=2).update(text="Größe, „naïve“ 日本?\nYes", options=["=1+1", "ü", "3", "4"])
    return pin


def report(source_id: UUID | None) -> Report:
    assert source_id
    found = sources.report_of(source_id)
    assert found is not None
    return found


def rows(client: Client, pin: Pin, table: str) -> list[list[str]]:
    content = client.get(f"/dashboard/contest/{pin.game_id}/results/{table}.csv")
    raw = saved(content)
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def test_the_board_as_csv(as_alice: Client, pin: Pin) -> None:
    assert rows(as_alice, pin, "board") == [
        ["Place", "Name", "Points", "Right", "Answers", "Seconds for right answers"],
        ["1", "Bob", "1800", "2", "2", "5.0"],
        ["2", "'=cmd|'/C calc'!A0", "-5", "0", "2", "0.0"],
    ]


def test_questions_and_answers_as_csv(as_alice: Client, pin: Pin) -> None:
    questions = rows(as_alice, pin, "questions")
    assert questions[2][1] == "Größe, „naïve“ 日本?\nYes"
    assert questions[2][4] == "'=1+1"
    answers = rows(as_alice, pin, "answers")
    assert len(answers) == 5
    assert {line[0] for line in answers[1:]} == {"Bob", "'=cmd|'/C calc'!A0"}


def test_the_workbook_opens_with_the_right_types(as_alice: Client, pin: Pin) -> None:
    answer = as_alice.get(f"/dashboard/contest/{pin.game_id}/results/results.xlsx")
    book = load_workbook(io.BytesIO(saved(answer)))
    assert book.sheetnames == ["About", "Board", "Questions", "Answers"]
    assert [cell.value for cell in book["Board"][2]] == [1, "Bob", 1800, 2, 2, 5]
    gina = book["Board"]["B3"]
    assert (gina.value, gina.data_type) == ("=cmd|'/C calc'!A0", "s")
    assert book["Board"]["C3"].value == -5
    assert isinstance(book["About"]["B2"].value, datetime)
    assert book["Questions"]["E3"].data_type == "s"
    assert book["Answers"].max_row == 5
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type in ("f", "e")]


def test_exports_name_nobody_who_deleted_the_account(as_alice: Client, bob: User, pin: Pin) -> None:
    User.objects.filter(pk=bob.pk).update(deleted_at="2026-01-01T00:00Z", is_active=False, email="")
    for table in ("board", "answers"):
        text = str(rows(as_alice, pin, table))
        assert "Bob" not in text
        assert "Former player" in text


def test_exports_have_no_addresses_and_no_ids(as_alice: Client, bob: User, pin: Pin) -> None:
    assert pin.game_id
    for name in tables(report(pin.game_id)):
        text = str(rows(as_alice, pin, name))
        assert "@example" not in text
        assert str(bob.pk) not in text
        assert GINA not in text


def test_a_name_of_signs_alone_makes_a_file_name(as_alice: Client, pin: Pin) -> None:
    Game.objects.update(name='"; rm -rf /\r\nX: y')
    for file in ("board.csv", "results.xlsx"):
        answer = as_alice.get(f"/dashboard/contest/{pin.game_id}/results/{file}")
        assert "rm-rf-x-y" in answer["Content-Disposition"]
        assert saved(answer)


@pytest.mark.parametrize("text", EVIL)
def test_no_cell_begins_like_a_formula(text: str) -> None:
    (line,) = list(csv.reader(io.StringIO("".join(written(text)), newline="")))
    assert line[0].replace("'", "") == text.replace("'", "")
    assert_inert(line[0])


@settings(deadline=None)  # the machine may be busy
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_every_text_comes_back_from_csv(text: str) -> None:
    """But for apostrophes where something would begin like a formula."""
    lines = list(csv.reader(io.StringIO("".join(written(text)), newline="")))
    cell = lines[0][0] if lines[0] else ""
    assert len(lines) == 1
    assert cell.replace("'", "") == text.replace("'", "")
    assert_inert(cell)
    if not re.search(r"[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]", text):
        assert cell == text


def assert_inert(cell: str) -> None:
    """However a spreadsheet cuts it in pieces, none begins like a formula."""
    for piece in re.split(r"[;\t\r\n]", cell):
        assert not piece or piece.lstrip()[:1] not in tuple("=+-@\uff1d\uff0b\uff0d\uff20"), cell


def written(text: str) -> list[str]:
    """A table of one text, without its header."""
    return list(exports.csv_lines(Table("one", "One", ("Text",), lambda: iter([(text,)]))))[1:]
