"""Tables as files: CSV in UTF-8, and workbooks."""

import csv
import re
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import IO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from momentum.web.refusals import Refusal
from momentum.web.results.report import Report
from momentum.web.results.tables import Table, Value, tables

MARK = "\ufeff"
"""Tells spreadsheets that the file is UTF-8."""
MOST_ANSWERS = 100_000
"""In a workbook, which is made while somebody waits."""

FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
"""What spreadsheets read as the beginning of a formula, full-width signs too."""
NEXT_CELL = re.compile(rf"([;\t\r\n])(?={FORMULA.pattern})")
"""Where a spreadsheet that separates by semicolons, as many do outside English, or by tabs would see a cell that begins
like that: to it, the quotes around a text with commas mean nothing."""


class TooManyAnswers(Refusal):
    error = "too_many_answers"

    def __str__(self) -> str:
        return _("There are too many answers for a workbook. Take the CSV files instead.")


class _Line:
    """What csv writes to: gives each line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(table: Table) -> Iterator[str]:
    """A table as the lines of a CSV file."""
    writer = csv.writer(_Line())
    yield MARK + str(writer.writerow(table.header))
    for row in table.rows():
        yield str(writer.writerow([_plain(value) for value in row]))


def workbook(report: Report) -> IO[bytes]:
    """All tables of a report as sheets, in a temporary file at its beginning. Raises TooManyAnswers."""
    if report.answer_count() > MOST_ANSWERS:
        raise TooManyAnswers
    book = Workbook(write_only=True)
    about: list[tuple[Value, ...]] = [
        (_("Contest"), report.name),
        (_("Ended (UTC)"), report.ended_at),
        (_("Players"), report.participant_count()),
    ]
    _fill(book, _("About"), (), about)
    for table in tables(report).values():
        _fill(book, table.title, table.header, table.rows())
    file = tempfile.TemporaryFile()
    book.save(file)
    file.seek(0)
    return file


def _fill(book: Workbook, title: str, header: tuple[str, ...], rows: Iterable[tuple[Value, ...]]) -> None:
    sheet = book.create_sheet(title)
    if header:
        sheet.freeze_panes = "A2"
        sheet.append([_bold(sheet, text) for text in header])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: WriteOnlyWorksheet, value: Value) -> object:
    """A text stays a text, whatever it begins with; an instant is one without zone, in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    return cell


def _bold(sheet: WriteOnlyWorksheet, text: str) -> object:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True)
    return cell


def _plain(value: Value) -> object:
    """A value as CSV has it: no text that begins like a formula, or would when cut in two."""
    if isinstance(value, datetime):
        return value.isoformat()
    if not isinstance(value, str):
        return value
    text = NEXT_CELL.sub(r"\1'", value)
    return f"'{text}" if FORMULA.match(text) else text
