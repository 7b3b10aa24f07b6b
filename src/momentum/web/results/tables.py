"""Results as tables for spreadsheets: rows of plain values, made as they are read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from momentum.web.results.queries import board_rows, question_summaries
from momentum.web.results.report import Report

Value = str | int | float | bool | datetime | None

CHUNK = 500


@dataclass(frozen=True)
class Table:
    """`rows` yields the lines below `header`; times are seconds."""

    name: str
    title: str
    header: tuple[str, ...]
    rows: Callable[[], Iterator[tuple[Value, ...]]]


def tables(report: Report) -> dict[str, Table]:
    """The board, the questions and the answers, by their names."""
    return {table.name: table for table in (_board(report), _questions(report), _answers(report))}


def _board(report: Report) -> Table:
    def rows() -> Iterator[tuple[Value, ...]]:
        place = 0
        while lines := report.participants(place, CHUNK):
            for row, line in zip(board_rows(report, lines, "", sees_all=False), lines, strict=True):
                yield row.rank, row.name, row.score, row.correct_count, row.answer_count, line.correct_ms / 1000
            place += len(lines)

    header = (_("Place"), _("Name"), _("Points"), _("Right"), _("Answers"), _("Seconds for right answers"))
    return Table("board", _("Board"), header, rows)


def _questions(report: Report) -> Table:
    def rows() -> Iterator[tuple[Value, ...]]:
        for one in question_summaries(report, ""):
            right = next(option for option in one.options if option.correct)
            seconds = float(one.average_seconds) if one.average_seconds else None
            voided = _("yes") if one.voided else _("no")
            yield (one.number, one.text, one.category, one.difficulty, right.text, one.answered, right.count, seconds,
                   voided)  # fmt: skip

    header = (
        _("Number"), _("Question"), _("Category"), _("Difficulty"), _("Right answer"), _("Answers"), _("Right"),
        _("Mean seconds"), _("Without points"),
    )  # fmt: skip
    return Table("questions", _("Questions"), header, rows)


def _answers(report: Report) -> Table:
    def rows() -> Iterator[tuple[Value, ...]]:
        questions = {question.number: question for question in report.questions()}
        names = _names(report)
        for given in report.answers():
            question = questions[given.number]
            said = None if given.choice is None else question.options[given.choice]
            yield (names.get(given.player, ""), given.position, question.text, question.category, said,
                   _("yes") if given.correct else _("no"), given.points, given.t_ms / 1000,
                   given.credit_ms / 1000)  # fmt: skip

    header = (
        _("Name"), _("Number"), _("Question"), _("Category"), _("Answer"), _("Right"), _("Points"), _("Seconds"),
        _("Seconds credited for the network"),
    )  # fmt: skip
    return Table("answers", _("Answers"), header, rows)


def _names(report: Report) -> dict[str, str]:
    found: dict[str, str] = {}
    while lines := report.participants(len(found), CHUNK):
        found.update((row.player, row.name) for row in board_rows(report, lines, "", sees_all=False))
    return found
