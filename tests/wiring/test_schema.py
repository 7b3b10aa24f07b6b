"""The databases against the migrations of this code."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from momentum.web.questions.models import Question
from momentum.wiring import schema
from momentum.wiring.refusal import Refusal

pytestmark = pytest.mark.django_db(databases="__all__")


def record(alias: str, app: str, name: str) -> None:
    MigrationRecorder(connections[alias]).record_applied(app, name)


def forget(alias: str, app: str, name: str) -> None:
    MigrationRecorder(connections[alias]).record_unapplied(app, name)


def test_fresh_databases_fit() -> None:
    schema.require_current()
    assert schema.pending() == []


def test_a_database_from_newer_code_is_refused_by_name() -> None:
    record("games" if "games" in settings.DATABASES else "default", "games", "9999_from_the_future")
    refusing: list[Callable[[], None]] = [schema.require_known, schema.require_current, lambda: schema.migrate(print)]
    for refused in refusing:
        with pytest.raises(Refusal, match=r"newer Momentum \(games.9999_from_the_future.*update this code"):
            refused()


def test_a_library_that_lost_a_migration_is_nobodys_problem() -> None:
    record("default", "axes", "0042_squashed_away")
    schema.require_current()


def test_a_database_that_lacks_a_migration_is_refused_with_the_command_that_helps() -> None:
    forget("default", "sessions", "0001_initial")
    assert schema.pending() == ["sessions.0001_initial"]
    with pytest.raises(Refusal, match="run momentum migrate"):
        schema.require_current()


def test_migrating_loads_the_starter_bank_once() -> None:
    said: list[str] = []
    schema.migrate(said.append)
    count = Question.objects.count()
    schema.migrate(said.append)
    assert said == ["the starter bank was loaded"]
    assert Question.objects.count() == count >= 200
