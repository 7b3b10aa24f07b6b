"""Whole tables, read from one database and written to another, and compared. Needs Django to be set up."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connections, models
from django.db.models import F
from django.db.models.functions import Cast
from psycopg import sql
from psycopg.types.json import Jsonb

CHUNK = 2_000
Table = type[models.Model]


@dataclass(frozen=True)
class Sum:
    """How many rows, and a digest of them in whatever order they come."""

    rows: int
    digest: int


def tables() -> list[Table]:
    """Every table that this version has, those between two others too."""
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def empty(table: Table, alias: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute(f"DELETE FROM {connections[alias].ops.quote_name(table._meta.db_table)}")


def copy(table: Table, source: str, target: str) -> None:
    """All rows, as a stream, with COPY: `target` is a PostgreSQL database, where foreign keys are looked at later."""
    columns = [field.column for field in _fields(table)]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table._meta.db_table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    connection = connections[target]
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as stream:
        for row in _rows(table, source):
            stream.write_row([Jsonb(value.content) if isinstance(value, Json) else value for value in row])


def restart_numbering(alias: str) -> None:
    """Let every sequence go on after the highest number in its column."""
    with connections[alias].cursor() as cursor:
        for statement in connections[alias].ops.sequence_reset_sql(no_style(), tables()):
            cursor.execute(statement)


def total(table: Table, alias: str) -> Sum:
    """What `table` has there, from values that are the same on every kind of database."""
    rows, digest = 0, 0
    for row in _rows(table, alias):
        text = json.dumps([_normal(value) for value in row], sort_keys=True, ensure_ascii=True)
        rows += 1
        digest += int.from_bytes(hashlib.sha256(text.encode()).digest()[:16])
    return Sum(rows, digest % 2**128)


@dataclass(frozen=True)
class Json:
    """The content of a JSON column; that of JSON's own null is None, while an empty column is None itself."""

    content: Any


def _fields(table: Table) -> list[Any]:
    return list(table._meta.local_concrete_fields)


def _rows(table: Table, alias: str) -> Iterator[list[Any]]:
    """All rows as Python values, in no particular order."""
    fields = _fields(table)
    is_json = [isinstance(field, models.JSONField) for field in fields]
    texts = {
        f"text_{number}": Cast(F(field.attname), models.TextField())
        for number, field in enumerate(fields)
        if is_json[number]
    }
    names = [f"text_{number}" if is_json[number] else field.attname for number, field in enumerate(fields)]
    found = table._base_manager.using(alias).annotate(**texts).order_by().values_list(*names)
    for row in found.iterator(CHUNK):
        yield [
            Json(json.loads(value)) if json_column and value is not None else value
            for value, json_column in zip(row, is_json, strict=True)
        ]


def _normal(value: Any) -> Any:
    if isinstance(value, Json):
        return {"json": value.content}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
