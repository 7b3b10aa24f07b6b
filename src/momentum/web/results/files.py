"""Results as answers that browsers save."""

from collections.abc import Iterator

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.text import slugify

from momentum.web.results import exports
from momentum.web.results.report import Report
from momentum.web.results.tables import tables

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_file(report: Report, table: str) -> HttpResponseBase | None:
    """One table, sent as it is read; None where there is no such table."""
    found = tables(report).get(table)
    if found is None:
        return None
    lines: Iterator[str] = exports.csv_lines(found)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_name(report)}-{table}.csv"'
    return private(response)


def workbook(report: Report) -> HttpResponseBase:
    """All tables. Raises TooManyAnswers."""
    file = exports.workbook(report)
    return private(FileResponse(file, as_attachment=True, filename=f"{_name(report)}.xlsx", content_type=XLSX))


def private(response: HttpResponseBase) -> HttpResponseBase:
    """Nothing on the way keeps a copy."""
    response["Cache-Control"] = "private, no-store"
    return response


def _name(report: Report) -> str:
    return f"{slugify(report.name)[:40] or 'results'}-{report.ended_at:%Y-%m-%d}"
